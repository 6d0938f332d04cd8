import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { type Answer, cleanUp, ONE_CALL, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const sh = (script: string) => ["/bin/sh", "-c", script];
const waits = "exec sleep 600";
const report = (body: string, kind = "progress") =>
  `curl -sS -o /dev/null -X POST -H "Authorization: Bearer $UNSTUCK_RUN_TOKEN" -d '${body}' "$UNSTUCK_URL/api/v1/runs/$UNSTUCK_RUN_ID/${kind}"`;

const lastSign = (run: Answer) =>
  run.evidence.find(({ fact }: { fact: string }) => fact === "the last sign was")?.value;

test("lines on standard output are progress while the run runs, and each changes only what it names", async () => {
  const { id } = await op.runningJob(
    "lines",
    sh(`echo hello; echo '::unstuck progress extracted=120 skipped=3 total=2000 message="page 40"'
        echo ' ::unstuck progress extracted=999' ; echo '::unstuck progress extracted=-1 skipped=4' >&2; ${waits}`),
  );
  const run = await op.runThat(id, "reports", ({ progress }) => progress?.skipped === 4);
  expect(run.progress).toEqual({ extracted: 120, skipped: 4, total: 2000, message: "page 40" });
  expect(lastSign(run)).toBe("it reported progress");
});

test("the figures of a run that is over are its last ones, also of a line that has no end", async () => {
  const script = `i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo "::unstuck progress extracted=$i total=5000"; done
    printf '::unstuck progress message="all done"'`;
  await op.makeJob("last", sh(script));
  const { id } = await op.start("last");
  expect((await op.over(id)).progress).toEqual({
    extracted: 5000,
    skipped: null,
    total: 5000,
    message: "all done",
  });
});

test("a progress file is read when it is whole, whether renamed into place or written in place", async () => {
  await op.makeJob("file", sh(`echo ready; ${waits}`));
  const { id } = await op.startReady("file");
  const file = join(server.dataDir, "runs", id, "progress.json");
  writeFileSync(file, '{"extracted": 1, "message": "half');
  await op.runThat(id, "is looked at", ({ logBytes }) => logBytes > 0);
  expect((await op.run(id)).progress).toBeNull();
  writeFileSync(file, '{"extracted": 7, "total": 9, "color": "blue"}');
  const run = await op.runThat(id, "reports", ({ progress }) => progress !== null);
  expect(run.progress).toEqual({ extracted: 7, skipped: null, total: 9, message: null });
  expect(lastSign(run)).toBe("it reported progress");
});

test("a link in place of the progress file is not followed", async () => {
  writeFileSync(join(op.cwd, "elsewhere.json"), '{"extracted": 5}');
  const link = `ln -s ${join(op.cwd, "elsewhere.json")} "$UNSTUCK_PROGRESS_FILE"`;
  const { id } = await op.runningJob("link", sh(`${link}; echo '::unstuck progress skipped=1'; ${waits}`));
  const run = await op.runThat(id, "reports", ({ progress }) => progress !== null);
  expect(run.progress).toMatchObject({ extracted: null, skipped: 1 });
  await op.stop("link");
  expect((await op.over(id)).progress).toMatchObject({ extracted: null, skipped: 1 });
});

test("a changed checkpoint is a sign of life, be it a file or a file deep in a folder", async () => {
  const folder = join(op.cwd, "state/deep");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "from-before"), "x");
  const file = await op.runningJob("cp-file", sh(`sleep 1; echo data > cp.json; ${waits}`), {
    checkpoint: "cp.json",
  });
  const run = await op.runThat(file.id, "has spoken", ({ lastLifeAt }) => lastLifeAt !== null);
  expect(lastSign(run)).toBe("its checkpoint changed");
  // Silent for longer than allowed by what can be seen from outside, but the closer look finds it working.
  const deep = await op.runningJob(
    "cp-deep",
    sh(`echo ready; while :; do date > state/deep/now; sleep 0.2; done`),
    {
      checkpoint: "state",
      timeouts: { silenceMs: 6_000 },
    },
  );
  const mute = await op.runningJob("cp-mute", sh(`echo ready; ${waits}`), { timeouts: { silenceMs: 9_000 } });
  expect(await op.over(mute.id)).toMatchObject({ state: "timed_out", cause: "silence" });
  expect(await op.run(deep.id)).toMatchObject({ state: "running", health: "healthy" });
});

test("a heartbeat by HTTP is a sign of life, and progress by HTTP is known at once", async () => {
  const { id } = await op.runningJob(
    "http",
    sh(
      `${report("", "heartbeat")}; ${report('{"extracted":1,"total":5}')}; ${report('{"extracted":2,"message":"two"}')}; ${waits}`,
    ),
  );
  const run = await op.runThat(id, "reports", ({ progress }) => progress?.extracted === 2);
  expect(run.progress).toEqual({ extracted: 2, skipped: null, total: 5, message: "two" });
  expect(run.lastLifeAt).not.toBeNull();
});

/** A call as a run makes it, with what is to be wrong with it. */
async function call(run: string, token: string | null, body: string, kind = "progress", method = "POST") {
  const headers = { ...ONE_CALL, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${server.origin}/api/v1/runs/${run}/${kind}`, {
    method,
    headers,
    ...(method === "GET" ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text), headers: response.headers };
}

/** A running job and the token it was given, which only the run itself knows. */
async function withToken(job: string) {
  const run = await op.runningJob(job, sh(`echo token=$UNSTUCK_RUN_TOKEN; ${waits}`));
  const token = await until("it told its token", async () => /token=(\S+)/.exec(await op.log(run.id))?.[1]);
  return { id: run.id as string, token };
}

test("only a run's own token reports for it, and only while it is active", async () => {
  const one = await withToken("one");
  const other = await withToken("other");
  expect(await call(one.id, one.token, '{"extracted":3}')).toMatchObject({ status: 204, body: null });
  for (const [run, token] of [
    [one.id, other.token],
    [one.id, null],
    [one.id, "x"],
    ["run_00000000000000000000", one.token],
    ["no-run", one.token],
  ] as const) {
    const answer = await call(run, token, '{"extracted":9}');
    expect(answer).toMatchObject({ status: 401, body: { code: "RUN_TOKEN_INVALID", status: 401 } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  }
  expect((await op.run(one.id)).progress.extracted).toBe(3);
  await op.stop("one");
  await op.over(one.id);
  expect(await call(one.id, one.token, '{"extracted":9}')).toMatchObject({
    status: 410,
    body: { code: "RUN_OVER", details: { runId: one.id, state: "stopped" } },
  });
  expect(await call(one.id, other.token, "{}")).toMatchObject({ status: 401 });
  expect((await op.run(one.id)).progress.extracted).toBe(3);
});

test("a report that cannot be believed is refused with what is wrong, and changes nothing", async () => {
  const { id, token } = await withToken("refused");
  const CASES = [
    ['{"extracted":-1}', 400, "INVALID_INPUT"],
    ['{"extracted":1.5}', 400, "INVALID_INPUT"],
    ['{"extracted":1e300}', 400, "INVALID_INPUT"],
    ['{"extracted":"7"}', 400, "INVALID_INPUT"],
    ['{"message":7}', 400, "INVALID_INPUT"],
    ['{"color":"blue"}', 400, "INVALID_INPUT"],
    ["[]", 400, "INVALID_INPUT"],
    ["", 400, "INVALID_INPUT"],
    ['{"extracted":', 400, "MALFORMED_JSON"],
    [JSON.stringify({ message: "x".repeat(20_000) }), 413, "BODY_TOO_LARGE"],
  ] as const;
  for (const [body, status, code] of CASES)
    expect(await call(id, token, body), body.slice(0, 40)).toMatchObject({ status, body: { code, status } });
  expect(await call(id, token, '{"extracted":1}', "heartbeat")).toMatchObject({ status: 400 });
  expect(await call(id, token, "", "heartbeat")).toMatchObject({ status: 204 });
  for (const method of ["GET", "PUT", "DELETE"]) {
    const answer = await call(id, token, "{}", "progress", method);
    expect(answer).toMatchObject({ status: 405, body: { code: "METHOD_NOT_ALLOWED" } });
    expect(answer.headers.get("allow")).toBe("POST");
  }
  const foreign = await fetch(`${server.origin}/api/v1/runs/${id}/heartbeat`, {
    method: "POST",
    headers: { ...ONE_CALL, authorization: `Bearer ${token}`, origin: "http://evil.example" },
  });
  expect(foreign.status).toBe(403);
  expect((await op.run(id)).progress).toBeNull();
});

test("progress survives a kill of the dashboard, and the run goes on reporting to the next one", async () => {
  const { id, token } = await withToken("survives");
  expect(await call(id, token, '{"extracted":41,"message":"by call"}')).toMatchObject({ status: 204 });
  const stored = () => {
    const database = new Database(join(server.dataDir, "unstuck.db"), { readonly: true });
    try {
      return database.prepare('SELECT "progress" FROM "Run" WHERE "id" = ?').pluck().get(id);
    } finally {
      database.close();
    }
  };
  await until("it is saved", () => String(stored()).includes("41"));
  await server.kill();
  writeFileSync(join(server.dataDir, "runs", id, "progress.json"), '{"total":99}');
  server = await startServer({ dataDir: server.dataDir });
  op = operator(server);
  const run = await op.runThat(id, "has been read again", ({ progress }) => progress?.total === 99);
  expect(run.progress).toEqual({ extracted: 41, skipped: null, total: 99, message: "by call" });
  expect(await call(id, token, '{"extracted":42}')).toMatchObject({ status: 204 });
  expect((await op.run(id)).progress.extracted).toBe(42);
});

test("a run that made progress can go on, even while only the dashboard's memory knows of it", async () => {
  const { id, token } = await withToken("resumable");
  expect(await op.run(id), "UX-A4").toMatchObject({ verdict: null, resumeFrom: null });
  expect(await call(id, token, '{"skipped":1}')).toMatchObject({ status: 204 });
  expect(await op.run(id), "UX-A2").toMatchObject({ verdict: "resumable", resumeFrom: null });
});

test("the next run of a job knows how often the last one spoke", async () => {
  await op.makeJob("rhythm", sh("for i in 1 2 3; do echo $i; sleep 2.5; done"));
  const first = await op.start("rhythm");
  await op.over(first.id);
  const next = await op.running((await op.start("rhythm")).id);
  const rhythm = next.evidence.find(({ fact }: { fact: string }) => fact === "rhythm");
  expect(rhythm?.value).toMatch(/^usually prints every \d+ s$/);
});
