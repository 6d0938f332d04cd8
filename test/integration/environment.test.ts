import { afterAll, expect, test } from "vitest";
import { DoctorAnswer } from "@/lib/contracts/doctor";
import { EnvironmentView, JobEnvironmentView } from "@/lib/contracts/environment";
import { unstuck } from "../cli";
import { inDatabase } from "../doctored";
import { operator } from "../operator";
import { cleanUp, newDataDir, startServer, type TestServer } from "../server";

/** Prints its environment as JSON; what the shell that launches it adds of its own is left out. */
const SHOW = [
  process.execPath,
  "-e",
  "const { PWD, OLDPWD, SHLVL, _, ...env } = process.env; console.log(JSON.stringify(env))",
];

/** What a service manager, npm and an operator may have put around the dashboard. */
const AROUND = {
  NOTIFY_SOCKET: "/run/systemd/notify",
  LISTEN_FDS: "0",
  CREDENTIALS_DIRECTORY: "/run/credentials/unstuck",
  WATCHDOG_USEC: "1",
  INVOCATION_ID: "1",
  JOURNAL_STREAM: "8:1",
  MEMORY_PRESSURE_WATCH: "/sys/x",
  NODE_OPTIONS: "--no-deprecation",
  npm_execpath: "/usr/bin/npm",
  npm_config_registry: "x",
  HTTPS_PROXY: "http://user:pw@proxy:3128",
  SHOP_MODE: "full",
  AWS_REGION: "eu-1",
  AWS_SESSION_TOKEN: "tok",
  PATH: `${process.cwd()}/node_modules/.bin:/node_modules/.bin:/x/node-gyp-bin:${process.env.PATH}`,
};
const NEVER = Object.keys(AROUND).filter((name) => !/^(HTTPS_PROXY|SHOP_MODE|AWS_.*|PATH)$/.test(name));

afterAll(cleanUp);

async function environmentOfARun(server: TestServer, job: string): Promise<Record<string, string>> {
  const op = operator(server);
  const { id } = await op.over((await op.start(job)).id);
  return JSON.parse(String(await op.log(id)));
}

async function shown(server: TestServer, job: string): Promise<JobEnvironmentView> {
  return JobEnvironmentView.parse((await server.api("GET", `/api/v1/jobs/${job}/environment`)).body);
}

const environmentOf = async (server: TestServer) =>
  EnvironmentView.parse((await server.api("GET", "/api/v1/environment")).body);

test("CR-7.2 a run in a new data folder is given exactly what is shown before it starts, and a folder that had jobs keeps its list until the button is pressed", async () => {
  const dataDir = newDataDir();
  let server = await startServer({ dataDir, env: { ...AROUND, UNSTUCK_INHERIT: "AWS_*, MISSING_ONE" } });
  const op = operator(server);
  await op.makeJob("shop", SHOW, { env: { REGION: "north", LANG: "C.UTF-8" }, checkpoint: "c.json" });
  await op.makeJob("own", SHOW, { env: { SHOP_MODE: "mine" } });

  const before = await shown(server, "shop");
  const given = await environmentOfARun(server, "shop");
  expect(Object.keys(given).sort()).toEqual(before.variables.map(({ name }) => name));
  for (const { name, value, hidden } of before.variables)
    if (hidden === null) expect(given[name]).toBe(value);
  const from = Object.fromEntries(before.variables.map((one) => [one.name, one.from]));
  expect(from).toMatchObject({
    PATH: "base",
    HOME: "base",
    AWS_REGION: "inherited",
    REGION: "job",
    LANG: "job",
    UNSTUCK_CHECKPOINT: "unstuck",
  });
  expect(before.variables.find(({ name }) => name === "AWS_SESSION_TOKEN")).toMatchObject({
    value: null,
    hidden: "credentials",
  });
  expect(before.missing).toEqual([{ name: "MISSING_ONE", from: "inherited", inDotEnv: false }]);
  expect(Object.keys(given).filter((name) => [...NEVER, "HTTPS_PROXY", "SHOP_MODE"].includes(name))).toEqual(
    [],
  );
  expect(given.PATH).not.toMatch(/\/\.bin(:|$)|node-gyp/);
  expect(await environmentOf(server)).toMatchObject({ use: "short", recordedAt: null, recorded: [] });
  expect((await server.api("PUT", "/api/v1/environment", { use: "recorded" })).body).toMatchObject({
    code: "NO_RECORDED_ENVIRONMENT",
  });
  expect(server.output()).toContain("environment.missing");

  // As the data folder of an earlier version is met.
  await server.stop();
  inDatabase(dataDir, (database) => database.exec('DELETE FROM "RunEnvironment"'));
  server = await startServer({ dataDir, env: AROUND });
  const recorded = await environmentOf(server);
  const names = recorded.recorded.map(({ name }) => name);
  expect(recorded).toMatchObject({ use: "recorded", jobCount: 2 });
  expect(names).toEqual(expect.arrayContaining(["AWS_REGION", "HTTPS_PROXY", "SHOP_MODE"]));
  expect(names.filter((name) => NEVER.includes(name) || name.startsWith("UNSTUCK_"))).toEqual([]);
  expect(recorded.recorded.find(({ name }) => name === "SHOP_MODE")).toEqual({
    name: "SHOP_MODE",
    isSet: true,
    inDotEnv: false,
    stays: false,
    losingCount: 1,
    setBy: ["own"],
  });
  expect(JSON.stringify(await shown(server, "shop"))).not.toContain("user:pw");
  expect(await environmentOfARun(server, "shop")).toMatchObject({
    HTTPS_PROXY: AROUND.HTTPS_PROXY,
    SHOP_MODE: "full",
  });
  expect(await environmentOfARun(server, "own")).toMatchObject({ SHOP_MODE: "mine" });
  await server.stop();

  // A later start without the proxy: the list stays as it was, and what it lacks is said.
  const { HTTPS_PROXY: _gone, ...without } = AROUND;
  server = await startServer({ dataDir, env: { ...without, NEW_SINCE: "1" } });
  const later = await environmentOf(server);
  expect(later.recorded.map(({ name }) => name)).toEqual(names);
  expect(later.missing).toEqual([{ name: "HTTPS_PROXY", from: "recorded", inDotEnv: false }]);
  expect(await environmentOfARun(server, "shop")).not.toHaveProperty("NEW_SINCE");
  const doctor = DoctorAnswer.parse((await server.api("GET", "/api/v1/doctor")).body);
  expect(doctor.checks.find(({ id }) => id === "environment")).toMatchObject({
    status: "warn",
    found: expect.stringContaining("without a value here: HTTPS_PROXY"),
  });

  const refused = unstuck(server, ["env", "--use", "short"], { cwd: dataDir });
  expect(await refused.ended).toMatchObject({ code: 64 });
  expect(refused.output()).toMatch(/SHOP_MODE\s+1 of 2 jobs\s+own/);
  expect(await environmentOf(server)).toMatchObject({ use: "recorded" });
  const cli = unstuck(server, ["env", "--use", "short", "--auto", "--reason", "moved to jobs"], {
    cwd: dataDir,
  });
  expect(await cli.ended, cli.output()).toMatchObject({ code: 0 });
  expect(await environmentOf(server)).toMatchObject({ use: "short", missing: [] });
  expect(await environmentOfARun(server, "shop")).not.toHaveProperty("SHOP_MODE");
  const listed = unstuck(server, ["env", "shop"], { cwd: dataDir });
  expect(await listed.ended).toMatchObject({ code: 0 });
  expect(listed.output()).toMatch(/REGION\s+job\s+north/);
  await server.api("PUT", "/api/v1/environment", { use: "recorded" });
  expect(await environmentOfARun(server, "shop")).toMatchObject({ SHOP_MODE: "full" });
  await server.stop();
  const audited = inDatabase(dataDir, (database) =>
    database
      .prepare(
        `SELECT "actor", "action", "reason" FROM "Audit" WHERE "action" LIKE 'environment.%' ORDER BY "id"`,
      )
      .all(),
  );
  expect(audited).toEqual([
    { actor: "system", action: "environment.recorded", reason: null },
    { actor: "operator", action: "environment.changed", reason: "moved to jobs" },
    { actor: "operator", action: "environment.changed", reason: null },
  ]);
});
