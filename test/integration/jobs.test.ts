import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

test("a job needs an id and an argv; everything else has a default that is shown", async () => {
  const made = await server.api("POST", "/api/v1/jobs", { id: "least", argv: ["/bin/true"] });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    id: "least",
    title: "least",
    kind: "command",
    env: {},
    checkpoint: null,
    timeouts: { startMs: 60_000, silenceMs: 600_000, maxDurationMs: null, stopGraceMs: 10_000 },
    onSilence: "stop",
    locks: [],
    tags: [],
    enabled: true,
    version: 1,
  });
  expect(await op.call("GET", "/api/v1/jobs/least", 200)).toEqual(made.body);
});

test("an id that is taken is refused and the job that has it stays as it was", async () => {
  const first = await op.makeJob("taken", program("forever"));
  const second = await server.api("POST", "/api/v1/jobs", { id: "taken", argv: ["/bin/true"] });
  expect(second).toMatchObject({ status: 409, body: { code: "JOB_EXISTS" } });
  expect(await op.call("GET", "/api/v1/jobs/taken", 200)).toEqual(first);
});

test("a change needs the version it was read at: of two made for one version the second is refused", async () => {
  const { version } = await op.makeJob("contested", program("forever"));
  const first = await op.call("PATCH", "/api/v1/jobs/contested", 200, {
    version,
    title: "Mine",
    tags: ["a"],
  });
  const second = await server.api("PATCH", "/api/v1/jobs/contested", { version, title: "Yours" });
  expect(first).toMatchObject({ title: "Mine", version: version + 1, argv: program("forever") });
  expect(second).toMatchObject({
    status: 409,
    body: { code: "STALE_VERSION", details: { version: version + 1 } },
  });
  expect(await op.call("GET", "/api/v1/jobs/contested", 200)).toEqual(first);
});

test("B6 of 20 changes at once exactly one is taken, and none is lost unseen", async () => {
  const { version } = await op.makeJob("stampede", program("forever"));
  const titles = Array.from({ length: 20 }, (_, index) => `Title ${index}`);
  const answers = await Promise.all(
    titles.map((title) => server.api("PATCH", "/api/v1/jobs/stampede", { version, title })),
  );
  const taken = answers.filter(({ status }) => status === 200);
  expect(taken).toHaveLength(1);
  expect(answers.filter(({ body }) => body.code === "STALE_VERSION")).toHaveLength(19);
  expect(await op.call("GET", "/api/v1/jobs/stampede", 200)).toEqual(taken[0]?.body);
});

test("FR-A2 the signals of a job are written and read back, its stop grace is their sum, and what contradicts it is a 422", async () => {
  const { version } = await op.makeJob("asked", program("forever"));
  const change = (body: object) => server.api("PATCH", "/api/v1/jobs/asked", { version, ...body });
  const sequence = [
    { signal: "SIGUSR1", waitMs: 5_000 },
    { signal: "SIGINT", waitMs: 2_000 },
  ];
  expect(await change({ signals: { sequence }, timeouts: { stopGraceMs: 8_000 } })).toMatchObject({
    status: 422,
    body: { code: "SIGNALS_CONFLICT", details: { sumMs: 7_000, stopGraceMs: 8_000 } },
  });
  expect(await change({ signals: { sequence }, kind: "scrapy" })).toMatchObject({
    status: 422,
    body: { code: "SIGNALS_CONFLICT" },
  });
  const changed = await change({ signals: { to: "group", sequence } });
  expect(changed).toMatchObject({
    status: 200,
    body: { signals: { to: "group", sequence }, timeouts: { stopGraceMs: 7_000 } },
  });
  expect(await op.call("GET", "/api/v1/jobs/asked", 200)).toEqual(changed.body);
  const run = await op.running((await op.start("asked")).id);
  expect(run.signals).toEqual({ to: "group", sequence });
});

test("one time-out can be changed without the others", async () => {
  const { version, timeouts } = await op.makeJob("patient", program("forever"));
  const changed = await op.call("PATCH", "/api/v1/jobs/patient", 200, {
    version,
    timeouts: { stopGraceMs: 1_234 },
  });
  expect(changed.timeouts).toEqual({ ...timeouts, stopGraceMs: 1_234 });
});

test("a job cannot be deleted while its run is active; afterwards it goes, and its log stays on disk", async () => {
  const run = await op.runningJob("doomed", program("forever"));
  const refused = await server.api("DELETE", "/api/v1/jobs/doomed");
  expect(refused).toMatchObject({ status: 409, body: { code: "JOB_ACTIVE", details: { runId: run.id } } });
  expect(await op.run(run.id)).toMatchObject({ state: "running" });
  await op.stop("doomed");
  await op.over(run.id);
  await op.call("DELETE", "/api/v1/jobs/doomed", 204);
  expect((await server.api("GET", "/api/v1/jobs/doomed")).status).toBe(404);
  expect((await server.api("GET", `/api/v1/runs/${run.id}`)).status).toBe(404);
  expect(existsSync(join(server.dataDir, "doomed", "logs", `${run.id}.log`))).toBe(true);
});

test("a disabled job is not started, and starts once it is enabled", async () => {
  const { version } = await op.makeJob("off", program("exits-with", 0), { enabled: false });
  const refused = await server.api("POST", "/api/v1/jobs/off/start");
  expect(refused).toMatchObject({ status: 409, body: { code: "JOB_DISABLED" } });
  expect(await op.runsOf("off")).toEqual([]);
  await op.call("PATCH", "/api/v1/jobs/off", 200, { version, enabled: true });
  expect(await op.over((await op.start("off")).id)).toMatchObject({ state: "completed" });
});

test("jobs and runs are listed in pages that neither repeat nor leave out", async () => {
  for (let index = 0; index < 7; index += 1) await op.makeJob(`page-${index}`, program("exits-with", 0));
  for (let index = 0; index < 3; index += 1) await op.over((await op.start("page-0")).id);
  expect(await everyPage("/api/v1/jobs?limit=3", ({ id }) => id)).toEqual(
    (await op.call("GET", "/api/v1/jobs?limit=200", 200)).items.map(({ id }: { id: string }) => id),
  );
  const runs = await everyPage("/api/v1/runs?job=page-0&limit=1", ({ id }) => id);
  expect(runs).toEqual((await op.runsOf("page-0")).map(({ id }: { id: string }) => id));
  expect(runs).toEqual([...runs].sort().reverse());
});

async function everyPage(path: string, pick: (item: { id: string }) => string): Promise<string[]> {
  const found: string[] = [];
  let next: string | null = "";
  while (next !== null) {
    const page: { items: { id: string }[]; nextCursor: string | null } = await op.call(
      "GET",
      `${path}${next === "" ? "" : `&cursor=${next}`}`,
      200,
    );
    found.push(...page.items.map(pick));
    next = page.nextCursor;
  }
  return found;
}
