import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, newDataDir, ONE_CALL, startServer, type TestServer } from "../server";
import { until } from "../until";

const CAP = 4 * 1024 * 1024;
const LINES = 3_000_000;

let server: TestServer;
let op: Operator;
const onMemory = new Set<string>();

afterEach(() => op.endAll());
afterAll(cleanUp);
afterAll(() => {
  for (const folder of onMemory) rmSync(folder, { recursive: true, force: true });
});

async function serve(dataDir: string, env: Record<string, string> = {}): Promise<void> {
  server = await startServer({ dataDir, env });
  op = operator(server);
}

function memoryFolder(): string {
  const folder = mkdtempSync("/dev/shm/unstuck-test-");
  onMemory.add(folder);
  return folder;
}

const logFile = (job: string, id: string) => join(server.dataDir, job, "logs", `${id}.log`);
const heldBytes = (job: string, id: string) => statSync(logFile(job, id)).blocks * 512;

function logOf(id: string, query = "", headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.origin}/api/v1/runs/${id}/log${query}`, { headers: { ...ONE_CALL, ...headers } });
}

const number = (name: string, answer: Response) => Number(answer.headers.get(name));

async function runNumbers(job: string, count = LINES): Promise<{ id: string; fifo: string }> {
  const fifo = makeFifo(join(op.cwd, `${job}.fifo`));
  const run = await op.runningJob(job, program("writes-numbers", count, fifo), { logCapBytes: CAP });
  return { id: run.id, fifo };
}

/** Every line whole and each number one more than the one before, up to the last that was written. */
function expectConsecutive(text: string, last: number): void {
  expect(text.endsWith(`line ${last} of a run that has a lot to say\n`)).toBe(true);
  const lines = text.split("\n").slice(0, -1);
  const first = Number(/^line (\d+) of/.exec(lines[0] ?? "")?.[1]);
  expect(lines.length).toBe(last - first + 1);
  const wrong = lines.findIndex(
    (line, index) => line !== `line ${first + index} of a run that has a lot to say`,
  );
  expect(wrong, lines[wrong]).toBe(-1);
}

async function expectCapped(job: string, id: string): Promise<void> {
  const answer = await logOf(id);
  const text = await answer.text();
  const size = number("x-log-size", answer);
  const dropped = number("x-log-dropped", answer);
  expect(statSync(logFile(job, id)).size).toBe(size);
  expect(number("x-log-offset", answer)).toBe(dropped);
  expect(text.length).toBe(size - dropped);
  expect(text.length).toBeGreaterThanOrEqual(CAP);
  expect(text.length).toBeLessThan(CAP * 1.2);
  expect(heldBytes(job, id)).toBeLessThan(CAP * 1.5);
  expectConsecutive(text, LINES);
  expect(await op.run(id)).toMatchObject({ logBytes: size, logDroppedBytes: dropped });
}

const droppedEvents = async (id: string) =>
  (await op.events(id)).filter(({ type }: { type: string }) => type === "log_dropped");

const PLACES: readonly [string, () => string][] = [
  ["the disk of the tests", newDataDir],
  ["tmpfs", memoryFolder],
];

for (const [place, folder] of PLACES) {
  const missing = place === "tmpfs" && !existsSync("/dev/shm") ? " (skipped: no /dev/shm here)" : "";
  describe.skipIf(missing !== "")(`a log over its cap on ${place}${missing}`, () => {
    test("keeps its newest lines, each whole and none left out, and tells exactly what it dropped", async () => {
      await serve(folder());
      const { id, fifo } = await runNumbers("numbers");
      await until("all is written", async () =>
        (await (await logOf(id, "?tail=1")).text()).includes(`line ${LINES} `),
      );
      await tell(fifo, 0);
      expect(await op.over(id)).toMatchObject({ state: "completed", exitCode: 0 });
      await expectCapped("numbers", id);
      const events = await droppedEvents(id);
      const { logDroppedBytes } = await op.run(id);
      expect(events.at(-1).data.upTo).toBe(logDroppedBytes);
      expect(events.reduce((sum: number, { data }: Answer) => sum + data.bytes, 0)).toBe(logDroppedBytes);
      // Told once a minute at most, and at the end.
      const { startedAt, endedAt } = await op.run(id);
      const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
      expect(events.length).toBeLessThan(minutes + 4);
    });
  });
}

describe("reading a log whose beginning was dropped", () => {
  test("answers with what is kept, whatever part is asked for", async () => {
    await serve(newDataDir());
    const { id, fifo } = await runNumbers("parts");
    await until("all is written", async () =>
      (await (await logOf(id, "?tail=1")).text()).includes(`line ${LINES} `),
    );
    await tell(fifo, 0);
    const { logDroppedBytes: dropped, logBytes: size } = await op.over(id);
    const whole = await (await logOf(id)).text();
    expect(whole.includes("\0")).toBe(false);
    for (const query of ["?after=0", `?after=${dropped - 1}`, `?after=${dropped}`]) {
      const answer = await logOf(id, query);
      expect([answer.status, number("x-log-offset", answer), number("x-log-dropped", answer)]).toEqual([
        200,
        dropped,
        dropped,
      ]);
      expect(await answer.text()).toBe(whole.slice(0, 1024 * 1024));
    }
    const tail = await logOf(id, "?tail=100000");
    expect(whole.endsWith(await tail.text())).toBe(true);
    const overlapping = await logOf(id, "", { range: `bytes=0-${dropped + 9}` });
    expect([overlapping.status, overlapping.headers.get("content-range")]).toEqual([
      206,
      `bytes ${dropped}-${dropped + 9}/${size}`,
    ]);
    expect(await overlapping.text()).toBe(whole.slice(0, 10));
    const suffix = await logOf(id, "", { range: `bytes=-${size}` });
    expect(await suffix.text()).toBe(whole);
    const gone = await logOf(id, "", { range: "bytes=0-99" });
    expect([gone.status, gone.headers.get("content-range")]).toEqual([416, `bytes */${size}`]);
    expect(await gone.json()).toMatchObject({
      code: "RANGE_NOT_SATISFIABLE",
      details: { size, dropped, offset: 0 },
    });
  });

  test("a reader who follows while it is dropped sees no gap in what it is given, and is told of what it missed", async () => {
    await serve(newDataDir());
    const { id, fifo } = await runNumbers("followed");
    let offset = 0;
    let text = "";
    await until("the last line has come", async () => {
      const answer = await logOf(id, `?after=${offset}`).catch(() => null);
      const part = await answer?.text().catch(() => null);
      // Dropped in the middle of the answer: it broke off rather than lie, and is asked for again.
      if (answer === null || part === null || part === undefined) return false;
      const at = number("x-log-offset", answer);
      if (at !== offset) {
        expect(at).toBeLessThanOrEqual(number("x-log-dropped", answer));
        expect(part.startsWith("line ")).toBe(true);
        text = "";
      }
      text += part;
      offset = at + part.length;
      return text.includes(`line ${LINES} `);
    });
    expectConsecutive(text, LINES);
    await tell(fifo, 0);
    await op.over(id);
  });
});

test("a dashboard that is killed in the middle goes on dropping where it was when it is back", async () => {
  await serve(newDataDir());
  const { id, fifo } = await runNumbers("killed");
  await until("something was dropped", async () => (await op.run(id)).logDroppedBytes > 0);
  await server.kill();
  await serve(server.dataDir);
  await until("all is written", async () =>
    (await (await logOf(id, "?tail=1")).text()).includes(`line ${LINES} `),
  );
  await tell(fifo, 0);
  expect(await op.over(id)).toMatchObject({ state: "completed" });
  await expectCapped("killed", id);
});

test("without fallocate it says once that the cap cannot be kept, and the log stays whole", async () => {
  await serve(newDataDir(), { PATH: "/nonexistent" });
  const job = { logCapBytes: 1024 * 1024, env: { PATH: process.env.PATH ?? "" } };
  await op.makeJob("uncapped", ["/usr/bin/env", ...program("writes-bytes", 5_000_000)], job);
  const { id } = await op.over((await op.start("uncapped")).id);
  const events = await op.events(id);
  expect(events.filter(({ type }: Answer) => type === "log_cap_impossible")).toEqual([
    expect.objectContaining({
      data: expect.objectContaining({ reason: expect.stringContaining("fallocate") }),
    }),
  ]);
  expect(await op.run(id)).toMatchObject({ logBytes: 5_000_000, logDroppedBytes: 0 });
  expect((await (await logOf(id)).arrayBuffer()).byteLength).toBe(5_000_000);
});

test("a log that somebody empties while its run writes is told of, and goes on from its new beginning", async () => {
  await serve(newDataDir());
  const { id, fifo } = await runNumbers("emptied", 300_000);
  await until("it was seen", async () => (await op.run(id)).logDroppedBytes > 0);
  await until("all is written", async () =>
    (await (await logOf(id, "?tail=1")).text()).includes("line 300000 "),
  );
  truncateSync(logFile("emptied", id));
  await until("it was noticed", async () =>
    (await op.events(id)).some(({ type }: { type: string }) => type === "log_truncated"),
  );
  const after = await logOf(id);
  expect([await after.text(), number("x-log-dropped", after)]).toEqual(["", 0]);
  await tell(fifo, 0);
  expect(await op.over(id)).toMatchObject({ state: "completed", logBytes: 0, logDroppedBytes: 0 });
});
