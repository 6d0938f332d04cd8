import { connect } from "node:net";

const WITHIN_MS = 20_000;

/** What comes back to these bytes until the connection ends, however it ends. */
export function rawLines(origin: string, lines: readonly string[], body = ""): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect({ host: hostname, port: Number(port) }, () => {
      socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
    });
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`The connection did not end. So far: ${answer.slice(0, 500)}`));
    }, WITHIN_MS);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (answer += chunk));
    // A reset after the answer is an end like any other.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(late);
      resolve(answer);
    });
  });
}
