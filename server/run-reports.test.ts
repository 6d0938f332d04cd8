import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { slot } from "../lib/slot.mjs";
import { until } from "../test/until";
import { answerReport, reportAt } from "./run-reports.mjs";

const PATH = "/api/v1/runs/run_a/progress";
const KIB = 1024;

let server: Server;
let port: number;
/** What each call of the supervisor's side was handed, and how the answers of a run that is not watched are let go. */
let calls: (string | null)[];
let letGo: () => void;
let wroteTwice: unknown[];
let withinMs: number | undefined;
const sockets: Socket[] = [];
const noticed = (error: unknown) => wroteTwice.push(error);

beforeEach(async () => {
  calls = [];
  wroteTwice = [];
  withinMs = undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  slot().answerReport = ({ body }) => {
    calls.push(body);
    return body === "taken" ? null : gate.then(() => new Response("over", { status: 410 }));
  };
  server = createServer((request, response) => {
    const address = reportAt(request.url ?? "");
    if (address !== null)
      answerReport(address, request, response, withinMs === undefined ? {} : { withinMs });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
  process.on("unhandledRejection", noticed);
});
afterEach(async () => {
  process.off("unhandledRejection", noticed);
  for (const socket of sockets.splice(0)) socket.destroy();
  slot().answerReport = null;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A client that writes what a test wants, and everything that came back. */
function client() {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  const seen = { text: "", closed: false };
  socket.on("data", (chunk) => (seen.text += chunk.toString()));
  socket.on("close", () => (seen.closed = true));
  socket.on("error", () => undefined);
  return { socket, seen };
}

function head(length: number | "chunked"): string {
  const framing = length === "chunked" ? "transfer-encoding: chunked" : `content-length: ${length}`;
  return `POST ${PATH} HTTP/1.1\r\nhost: x\r\n${framing}\r\n\r\n`;
}

const answersIn = (text: string) => text.match(/HTTP\/1\.1 \d+/g) ?? [];

describe("CR-6.9 a report is answered once", () => {
  test("one of 400 KiB whose run is not watched, in many pieces, while the answer is waited for", async () => {
    const { socket, seen } = client();
    socket.write(head(400 * KIB));
    for (let piece = 0; piece < 400; piece += 1) socket.write("x".repeat(KIB));
    await until("it was asked about", () => calls.length > 0);
    letGo();
    await until("it is answered", () => seen.text.includes("over"));
    expect(calls).toEqual([null]);
    expect(answersIn(seen.text)).toEqual(["HTTP/1.1 410"]);
    expect(wroteTwice).toEqual([]);
  });

  test("the connection serves the next report after one that was too large and has arrived whole", async () => {
    letGo();
    const { socket, seen } = client();
    socket.write(`${head(20 * KIB)}${"x".repeat(20 * KIB)}`);
    await until("the first is answered", () => answersIn(seen.text).length === 1);
    socket.write(`${head(5)}taken`);
    await until("the second is answered", () => answersIn(seen.text).length === 2);
    expect(answersIn(seen.text)).toEqual(["HTTP/1.1 410", "HTTP/1.1 204"]);
  });

  test("one without an end is answered after 1 MiB, and the connection is closed", async () => {
    letGo();
    const { socket, seen } = client();
    socket.write(head("chunked"));
    const piece = `8000\r\n${"x".repeat(0x8000)}\r\n`;
    const more = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on("drain", more);
    more();
    await until("it is answered and closed", () => seen.closed && seen.text.includes("410"));
    expect(calls).toEqual([null]);
    expect(seen.text.toLowerCase()).toContain("connection: close");
  });

  test("one in chunks is put together", async () => {
    const { socket, seen } = client();
    socket.write(`${head("chunked")}2\r\nta\r\n`);
    socket.write("3\r\nken\r\n0\r\n\r\n");
    await until("it is answered", () => seen.text.includes("204"));
    expect(calls).toEqual(["taken"]);
  });

  test("one whose sender goes away in the middle is not taken, and nothing fails", async () => {
    const { socket } = client();
    socket.write(`${head(100)}half`);
    const [request] = (await once(server, "request")) as [{ destroyed: boolean }];
    socket.destroy();
    await until("the request is over", () => request.destroyed);
    expect(calls).toEqual([]);
    expect(wroteTwice).toEqual([]);
  });

  test("one whose sender goes away while its answer is waited for does no harm", async () => {
    const { socket } = client();
    socket.write(`${head(4)}over`);
    const [request] = (await once(server, "request")) as [{ destroyed: boolean }];
    await until("it was asked about", () => calls.length === 1);
    socket.destroy();
    await until("the server has seen it", () => request.destroyed);
    letGo();
    const next = client();
    next.socket.write(`${head(5)}taken`);
    await until("the next is answered", () => next.seen.text.includes("204"));
    expect(wroteTwice).toEqual([]);
  });

  test("one that does not arrive in time is refused with what to do", async () => {
    withinMs = 30;
    const { socket, seen } = client();
    socket.write(`${head(100)}slow`);
    await until("it is refused and closed", () => seen.closed);
    expect(answersIn(seen.text)).toEqual(["HTTP/1.1 408"]);
    expect(seen.text).toContain("REQUEST_TOO_SLOW");
    expect(calls).toEqual([]);
  });

  test("a bug in taking it is a 500 to its sender alone", async () => {
    slot().answerReport = () => {
      throw new Error("a bug");
    };
    const { socket, seen } = client();
    socket.write(`${head(4)}text`);
    await until("it is answered", () => seen.text.includes("INTERNAL"));
    expect(answersIn(seen.text)).toEqual(["HTTP/1.1 500"]);
    expect(seen.text).not.toContain("a bug");
    expect(wroteTwice).toEqual([]);
  });
});
