import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyMigrations, readMigrations, withSchemaEngine } from "../../lib/store/schema-engine.mjs";
import { unstuck } from "../cli";
import { inDatabase } from "../doctored";
import { aRun } from "../factories";
import { firstAdmin } from "../people";
import { cleanUp, newDataDir, request, startServer, type TestServer } from "../server";

/** A data folder from before accounts, with a job that has a secret, a run of when that was no secret yet, and its history. */

const ROOT = process.cwd();
const LAST_BEFORE = "20261128200000_lists_of_runs";
const SECRET = "zq7-plain-for-now-1192";
const AT = Date.parse("2026-11-28T10:00:00Z");

async function olderFolder(): Promise<string> {
  const dataDir = newDataDir();
  const all = readMigrations(ROOT);
  const migrationDirectories = all.migrationDirectories.filter(({ path }) => path <= LAST_BEFORE);
  await withSchemaEngine({ root: ROOT, databaseFile: join(dataDir, "unstuck.db") }, (engine) =>
    applyMigrations(engine, { ...all, migrationDirectories }),
  );
  const spec = { ...aRun("completed").spec, env: { API_TOKEN: SECRET, REGION: "south" }, envSecret: [] };
  const run = "run_00mx000000abcdefghij";
  inDatabase(dataDir, (database) => {
    const insert = (table: string, row: Readonly<Record<string, unknown>>) =>
      database
        .prepare(
          `INSERT INTO "${table}" (${Object.keys(row).map((name) => `"${name}"`)}) VALUES (${Object.keys(row).map((name) => `@${name}`)})`,
        )
        .run(row);
    const times = { createdAt: AT, updatedAt: AT, startMs: 60_000, silenceMs: 600_000, stopGraceMs: 5_000 };
    const lists = {
      argv: '["true"]',
      env: '{"REGION":"south"}',
      envSecret: '["API_TOKEN"]',
      locks: "[]",
      tags: "[]",
    };
    insert("Job", {
      id: "nightly",
      title: "Nightly",
      kind: "command",
      cwd: "/",
      onSilence: "stop",
      ...lists,
      ...times,
    });
    insert("JobSecret", { jobId: "nightly", name: "API_TOKEN", value: SECRET });
    const told = {
      state: "completed",
      trigger: "api",
      actor: "operator",
      token: "t".repeat(32),
      exitCode: 0,
    };
    const when = { queuedAt: AT, startedAt: AT, endedAt: AT };
    insert("Run", {
      id: run,
      jobId: "nightly",
      lineageId: run,
      spec: JSON.stringify(spec),
      ...told,
      ...when,
    });
    database.prepare('UPDATE "Job" SET "newestRunId" = ?').run(run);
    insert("Audit", { at: AT, actor: "operator", action: "run.requested", jobId: "nightly", details: "{}" });
  });
  return dataDir;
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ dataDir: await olderFolder(), env: { UNSTUCK_AUTH: "" } });
});
afterAll(cleanUp);

/** The database and what is written beside it, without the backup that was made of it before. */
function bytes(): string {
  const names = readdirSync(server.dataDir).filter((name) => name.startsWith("unstuck.db"));
  return names.map((name) => readFileSync(join(server.dataDir, name), "latin1")).join("");
}

test("it comes up with all it had, asks for the first admin, and says what calls need from now on", async () => {
  expect(server.output()).toMatch(/\/set-up#[\w-]{43}/);
  expect(server.output()).toContain("need a token from now on");
  const admin = await firstAdmin(server);
  expect((await admin.api("GET", "/api/v1/jobs/nightly")).body).toMatchObject({
    title: "Nightly",
    env: { REGION: "south" },
    envSecret: ["API_TOKEN"],
  });
  expect((await admin.api("GET", "/api/v1/runs?job=nightly")).body).toMatchObject({
    items: [{ state: "completed" }],
  });
  const { body: audit } = await admin.api("GET", "/api/v1/audit?job=nightly");
  expect(audit.items).toMatchObject([
    { action: "run.requested", actor: "operator", via: null, outcome: "done" },
  ]);
});

test("the secret is sealed, is gone from the settings of the old run, and its job still gets it", async () => {
  expect(bytes()).not.toContain(SECRET);
  const row = inDatabase(server.dataDir, (database) => database.prepare('SELECT * FROM "JobSecret"').get());
  expect(row).toMatchObject({ sealed: 1, value: expect.stringMatching(/^v1\.[0-9a-f]{8}\./) });
  const argv = ["sh", "-c", 'test "$API_TOKEN" = "$1" && echo "it has it"', "sh", SECRET];
  const { body: job } = await server.api("GET", "/api/v1/jobs/nightly");
  expect((await server.api("PATCH", "/api/v1/jobs/nightly", { version: job.version, argv })).status).toBe(
    200,
  );
  const { body } = await server.api("POST", "/api/v1/jobs/nightly/start");
  await expect
    .poll(async () => String((await server.api("GET", `/api/v1/runs/${body.run.id}/log`)).body))
    .toContain("it has it");
  await server.api("PATCH", "/api/v1/jobs/nightly", { version: job.version + 1, argv: ["true"] });
});

test("a program that calls without a token is refused, and the doctor names it", async () => {
  const headers = { "user-agent": "cron-job/1.0" };
  expect((await request(server.origin, "POST", "/api/v1/jobs/nightly/start", {}, headers)).status).toBe(401);
  const { body } = await server.api("GET", "/api/v1/doctor");
  expect(body.checks.find(({ id }: { id: string }) => id === "accounts")).toMatchObject({
    status: "warn",
    found: expect.stringContaining("POST /api/v1/jobs/nightly/start by cron-job/1.0 from 127.0.0.1"),
  });
});

test("on the host the command line needs neither a token nor a password", async () => {
  const status = unstuck({ socketOf: server.dataDir }, ["status", "nightly"], { cwd: server.dataDir });
  expect((await status.ended).code, status.output()).toBe(0);
  expect(status.out()).toContain("nightly");
});

test("jobs from before jobs said whom they run as run as they did, and say so from then on", async () => {
  const isRoot = process.getuid?.() === 0;
  const { body } = await server.api("GET", "/api/v1/jobs/nightly");
  expect(body).toMatchObject({ runAs: isRoot ? "root" : null });
  const { body: audit } = await server.api("GET", "/api/v1/audit?action=job.marked_root");
  expect(audit.items.map(({ details }: { details: unknown }) => details)).toEqual(
    isRoot ? [{ runAs: "root", jobs: ["nightly"] }] : [],
  );
  const { body: doctor } = await server.api("GET", "/api/v1/doctor");
  const found = isRoot ? "1 run as root" : "all jobs run as the dashboard's own user";
  expect(doctor.checks).toContainEqual(expect.objectContaining({ id: "users", status: "ok", found }));
});
