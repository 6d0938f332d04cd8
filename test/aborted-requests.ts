import { connect, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";

/** A request, byte for byte, and how much of it is sent before its sender goes away. */
type Sent = { readonly bytes: string; readonly share: number };

/** When the sender goes away, and how: by a reset, by a close with the answer unread, or by half a close. */
const LEAVES = [
  "before the answer",
  "at its first bytes",
  "after 64 KiB of it",
  "as soon as all is sent",
] as const;
const WAYS = ["reset", "close", "half-close"] as const;

export type Aborts = {
  readonly done: number;
  readonly answered: number;
  readonly byLeave: Record<string, number>;
};

type Wanted = {
  readonly count: number;
  /** How many at the same time. */
  readonly atOnce: number;
  readonly random: () => number;
  readonly paths: readonly string[];
  /** Where bodies are sent to. */
  readonly takers: readonly string[];
};

/** Asks and goes away, again and again. Resolves when all connections are closed. */
export async function abortRequests(origin: string, wanted: Wanted): Promise<Aborts> {
  const { hostname, port } = new URL(origin);
  const byLeave: Record<string, number> = {};
  let [done, answered] = [0, 0];
  const one = async () => {
    const leave = pick(LEAVES, wanted.random);
    const way = pick(WAYS, wanted.random);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: way === "half-close" });
    if (await askAndLeave(socket, requestOf(hostname, wanted), leave, way)) answered += 1;
    byLeave[leave] = (byLeave[leave] ?? 0) + 1;
    done += 1;
  };
  const worker = async () => {
    while (done < wanted.count) await one();
  };
  await Promise.all(Array.from({ length: wanted.atOnce }, worker));
  return { done, answered, byLeave };
}

function requestOf(host: string, { random, paths, takers }: Wanted): Sent {
  if (random() < 0.7) {
    const accept = pick(["text/html", "*/*", "text/x-component\r\nrsc: 1"], random);
    const method = random() < 0.9 ? "GET" : "HEAD";
    return {
      bytes: `${method} ${pick(paths, random)} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\naccept: ${accept}\r\n\r\n`,
      share: 1,
    };
  }
  const body = "x".repeat(1 + Math.floor(random() * 40_000));
  const framed =
    random() < 0.5
      ? `content-length: ${body.length}\r\n\r\n${body}`
      : `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const head = `POST ${pick(takers, random)} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\n`;
  return { bytes: head + framed, share: random() < 0.2 ? 1 : random() };
}

async function askAndLeave(
  socket: Socket,
  { bytes, share }: Sent,
  leave: (typeof LEAVES)[number],
  way: (typeof WAYS)[number],
): Promise<boolean> {
  let seen = 0;
  let left = false;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const go = () => {
    if (left) return;
    left = true;
    if (way === "reset") socket.resetAndDestroy();
    else if (way === "close") socket.destroy();
    else {
      socket.end();
      // The server may take its time over an answer that it can still send; what it does then is its affair.
      socket.setTimeout(200, () => socket.destroy());
    }
  };
  socket.on("error", () => undefined);
  socket.on("end", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    seen += chunk.length;
    if (leave === "at its first bytes" || seen > 65_536) go();
  });
  // A hang guard: an answer takes its time on a busy machine.
  socket.setTimeout(60_000, () => socket.destroy());
  socket.write(bytes.slice(0, Math.ceil(bytes.length * share)), () => {
    if (leave === "as soon as all is sent") go();
    else if (leave === "before the answer" || share < 1) void nextTurn().then(nextTurn).then(go);
  });
  await closed;
  return seen > 0;
}

function pick<Value>(from: readonly Value[], random: () => number): Value {
  const value = from[Math.floor(random() * from.length)];
  if (value === undefined) throw new Error("Nothing to pick from");
  return value;
}
