import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { sha256 } from "../folder-content";
import { type Operator, operator } from "../operator";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, ONE_CALL, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;
let runId: string;

const LINES = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`);
const TEXT = LINES.join("");

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
  await op.makeJob("twelve", program("writes-lines", 12));
  runId = (await op.over((await op.start("twelve")).id)).id;
});
afterEach(() => op.endAll());
afterAll(cleanUp);

function logOf(id: string, query = "", headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.origin}/api/v1/runs/${id}/log${query}`, { headers: { ...ONE_CALL, ...headers } });
}

test("the whole log comes as plain text that no browser takes for a page and nobody keeps", async () => {
  const answer = await logOf(runId);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(TEXT);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/plain; charset=utf-8",
    "x-log-size": String(TEXT.length),
    "x-log-offset": "0",
    "x-content-type-options": "nosniff",
    "content-security-policy": expect.stringMatching(/^sandbox; default-src 'none'/),
    "cache-control": "no-store, no-transform",
    "accept-ranges": "bytes",
  });
});

const RANGES: readonly [string, number, string, string | null][] = [
  ["bytes=0-5", 206, TEXT.slice(0, 6), `bytes 0-5/${TEXT.length}`],
  ["bytes=7-", 206, TEXT.slice(7), `bytes 7-${TEXT.length - 1}/${TEXT.length}`],
  ["bytes=-8", 206, TEXT.slice(-8), `bytes ${TEXT.length - 8}-${TEXT.length - 1}/${TEXT.length}`],
  ["bytes=-100000", 206, TEXT, `bytes 0-${TEXT.length - 1}/${TEXT.length}`],
  ["bytes=5-100000", 206, TEXT.slice(5), `bytes 5-${TEXT.length - 1}/${TEXT.length}`],
  ["bytes=9-2", 200, TEXT, null],
  ["bytes=0-1,4-5", 200, TEXT, null],
  ["lines=1-2", 200, TEXT, null],
  ["nonsense", 200, TEXT, null],
];

describe("Range is honoured as HTTP means it", () => {
  for (const [range, status, text, contentRange] of RANGES) {
    test(range, async () => {
      const answer = await logOf(runId, "", { range });
      expect(answer.status).toBe(status);
      expect(await answer.text()).toBe(text);
      expect(answer.headers.get("content-range")).toBe(contentRange);
      expect(answer.headers.get("content-encoding")).toBeNull();
    });
  }
});

const QUERIES: readonly [string, string][] = [
  ["?tail=1", LINES.slice(-1).join("")],
  ["?tail=3", LINES.slice(-3).join("")],
  ["?tail=12", TEXT],
  ["?tail=100000", TEXT],
  ["?after=0", TEXT],
  ["?after=7", TEXT.slice(7)],
  [`?after=${TEXT.length}`, ""],
];

describe("the end of a log and what came after an offset can be asked for", () => {
  for (const [query, text] of QUERIES) {
    test(query, async () => {
      const answer = await logOf(runId, query);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(text);
      expect(answer.headers.get("x-log-size")).toBe(String(TEXT.length));
      expect(answer.headers.get("x-log-offset")).toBe(String(TEXT.length - text.length));
    });
  }
});

test("a download is offered under the run's name", async () => {
  const answer = await logOf(runId, "?download=1");
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${runId}.log"`);
  expect(await answer.text()).toBe(TEXT);
});

test("a growing log is followed by offset without a byte lost or told twice", async () => {
  const fifo = makeFifo(join(op.cwd, "grows"));
  const run = await op.runningJob("grows", program("writes-lines", 2_000, fifo));
  let seen = "";
  let told = false;
  await until("the last line has come", async () => {
    const answer = await logOf(run.id, `?after=${seen.length}`);
    expect(Number(answer.headers.get("x-log-offset"))).toBe(seen.length);
    seen += await answer.text();
    if (!told && seen.includes("line 2000\n")) {
      told = true;
      await tell(fifo, 0);
    }
    return seen.endsWith("last line\n");
  });
  await op.over(run.id);
  expect(seen).toBe(readFileSync(join(server.dataDir, "grows", "logs", `${run.id}.log`), "utf8"));
  expect(seen.split("\n")).toHaveLength(2_002);
});

test("an empty log is empty, not missing, while the run waits, runs and when it is over", async () => {
  await op.runningJob("silent", program("forever"), { locks: ["quiet"] });
  await op.makeJob("silent-too", program("exits-with", 0), { locks: ["quiet"] });
  const waiting = await op.start("silent-too");
  const [running] = await op.runsOf("silent");
  for (const id of [waiting.id, running.id]) {
    for (const query of ["", "?tail=5", "?after=0"]) {
      const answer = await logOf(id, query);
      expect([answer.status, await answer.text(), answer.headers.get("x-log-size")]).toEqual([200, "", "0"]);
    }
  }
  expect((await logOf(running.id, "", { range: "bytes=0-" })).status).toBe(416);
  await op.stop("silent");
  await op.over(waiting.id);
  expect(await (await logOf(waiting.id)).text()).toBe("");
});

test("a log of 20 MB streams whole: its bytes are the file's", async () => {
  const size = 20 * 1024 * 1024;
  await op.makeJob("large", program("writes-bytes", size));
  const { id } = await op.over((await op.start("large")).id);
  const file = readFileSync(join(server.dataDir, "large", "logs", `${id}.log`));
  expect(file.length).toBe(size);
  const answer = await logOf(id);
  expect(answer.headers.get("x-log-size")).toBe(String(size));
  expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(file));
  const middle = await logOf(id, "", { range: `bytes=${size - 3_000_000}-${size - 1_000_001}` });
  expect(sha256(Buffer.from(await middle.arrayBuffer()))).toBe(sha256(file.subarray(-3_000_000, -1_000_000)));
  const tail = file.toString("latin1").split("\n").slice(-1_000).join("\n");
  expect(await (await logOf(id, "?tail=1000")).text()).toBe(tail);
  expect(await op.run(id)).toMatchObject({ logBytes: size });
});

test("a reader who goes away in the middle does no harm", async () => {
  await op.makeJob("left", program("writes-bytes", 5_000_000));
  const { id } = await op.over((await op.start("left")).id);
  for (let round = 0; round < 10; round += 1) {
    const answer = await logOf(id);
    await answer.body?.cancel();
  }
  expect((await (await logOf(id)).arrayBuffer()).byteLength).toBe(5_000_000);
});
