import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addressOf, everyAddress } from "../addresses";
import { unstuck } from "../cli";
import { oneServer } from "../one-server";
import type { ApiAnswer } from "../server";
import { until } from "../until";

const its = oneServer({ env: { UNSTUCK_LOG_LEVEL: "trace" } });

const SECRET = "zq7-never-shown-8831";
const PEM = `-----BEGIN KEY-----\n${SECRET}-line\n#=\n-----END KEY-----\n`;
const SHOWN = "zq7-plain-and-shown-4410";
/** Says which secrets it has without printing them. */
const TELLS =
  "const h = (t) => require('node:crypto').createHash('sha256').update(t ?? 'none').digest('hex'); console.log(h(process.env.API_TOKEN), h(process.env.PEM));";
const LASTS = [process.execPath, "-e", `${TELLS} setInterval(() => {}, 1000);`];
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

async function walk(ids: Readonly<Record<string, string>>): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  for (const { pattern } of everyAddress().filter(({ pattern }) => !pattern.includes("..."))) {
    const path = addressOf(pattern, ids);
    seen.set(path, textOf(await its.server.api("GET", path)));
  }
  return seen;
}

const textOf = ({ body, headers }: ApiAnswer) => `${JSON.stringify(body)} ${JSON.stringify([...headers])}`;

function filesBelow(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return all.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

test("CR-7.4 a secret's value appears nowhere: in no route, page, command, log line or file, the database among them, while its run has it", async () => {
  const { op, server } = its;
  const answers: string[] = [];
  const call = async (method: string, path: string, body: unknown) => {
    const answer = await server.api(method, path, body);
    answers.push(textOf(answer));
    return answer;
  };
  const job = { argv: LASTS, cwd: op.cwd, env: { MODE: SHOWN }, envSecret: { API_TOKEN: SECRET, PEM } };
  const made = await call("POST", "/api/v1/jobs", { id: "vault", ...job });
  expect(made).toMatchObject({
    status: 201,
    body: { env: { MODE: SHOWN }, envSecret: ["API_TOKEN", "PEM"] },
  });
  const first = await op.running((await op.start("vault")).id);
  await until("it has told", async () => String(await op.log(first.id)).includes(hash(SECRET)));
  expect(String(await op.log(first.id)).trim()).toBe(`${hash(SECRET)} ${hash(PEM)}`);

  // Refusals, too, say what is wrong without a value.
  const wrong = [
    { envSecret: { PATH: SECRET } },
    { envSecret: { "not a name": SECRET } },
    { envSecret: { A: `${SECRET}\0` } },
    { env: { API_TOKEN: SECRET } },
    { env: { A: "1" }, envSecret: { A: SECRET } },
    { envSecret: { A: SECRET.repeat(5_000) } },
    { envSecret: [SECRET.length] },
    { envSecret: SECRET.length },
  ];
  for (const body of wrong)
    expect(await call("PATCH", "/api/v1/jobs/vault", { version: 1, ...body })).toMatchObject({
      status: 400,
      body: { code: "INVALID_INPUT" },
    });

  const plan = await call("POST", "/api/v1/cleanup/plans", { ageHours: 24 });
  const ids = {
    job: "vault",
    run: first.id,
    plan: plan.body.id,
    stray: "1-1",
    alert: "none",
    name: "job:vault",
  };
  const seen = await walk(ids);
  expect(seen.get("/api/v1/jobs/vault")).toContain(SHOWN);
  expect(seen.get("/jobs/vault/edit")).toContain(SHOWN);
  expect(seen.get("/api/v1/jobs/vault/environment")).toContain(
    '"name":"API_TOKEN","value":null,"from":"secret"',
  );

  const verbs = ["status", "runs", "stuck", "strays", "locks", "doctor", "env"].map((verb) => [verb]);
  for (const verb of ["status", "env", "precheck", "log"]) verbs.push([verb, "vault"]);
  const commands = verbs.flatMap((verb) => [verb, [...verb, "--json"]]);
  const printed = await Promise.all(
    commands.map(async (args) => {
      const cli = unstuck(server, args, { cwd: op.cwd });
      await cli.ended;
      return [args.join(" "), cli.output()] as const;
    }),
  );
  expect(printed.find(([args]) => args === "env vault")?.[1]).toMatch(/API_TOKEN\s+secret\s+\(secret\)/);

  const found = [
    ...[...seen, ...printed].filter(([, text]) => text.includes(SECRET)).map(([where]) => where),
    ...answers.filter((text) => text.includes(SECRET)),
    ...filesBelow(server.dataDir).filter((path) => readFileSync(path, "latin1").includes(SECRET)),
    ...(server.output().includes(SECRET) ? ["what the dashboard printed"] : []),
  ];
  expect(found).toEqual([]);
  // What was looked for is there: a plain variable is found.
  expect(readFileSync(join(server.dataDir, "unstuck.db-wal"), "latin1")).toContain(SHOWN);
});

test("CR-7.4 reading a job, changing it and writing it back keeps its secrets; what envRemove names is gone, from a queued run too", async () => {
  const { op } = its;
  const told = async (id: string) => String(await op.log((await op.over(id)).id)).trim();
  const argv = [process.execPath, "-e", TELLS];
  const job = await op.makeJob("kept", argv, { env: { A: "1" }, envSecret: { API_TOKEN: "one", PEM } });
  const { env, envSecret, version, tags, ..._rest } = job;
  const back = await op.call("PATCH", "/api/v1/jobs/kept", 200, { version, env, envSecret, tags: ["new"] });
  expect(back).toMatchObject({ env, envSecret, tags: ["new"] });
  const { id } = await op.start("kept");
  expect(await told(id)).toBe(`${hash("one")} ${hash(PEM)}`);

  const rotated = await op.call("PATCH", "/api/v1/jobs/kept", 200, {
    version: back.version,
    envSecret: { API_TOKEN: "two" },
  });
  expect(await told((await op.start("kept")).id)).toBe(`${hash("two")} ${hash(PEM)}`);

  const blocker = await op.runningJob("blocker", LASTS, { locks: ["shared"] });
  const locked = await op.call("PATCH", "/api/v1/jobs/kept", 200, {
    version: rotated.version,
    locks: ["shared"],
  });
  const queued = await op.start("kept");
  await op.call("PATCH", "/api/v1/jobs/kept", 200, {
    version: locked.version,
    envRemove: ["API_TOKEN", "A"],
  });
  await op.stop("blocker", { graceMs: 0 });
  await op.over(blocker.id);
  expect(await op.over(queued.id)).toMatchObject({
    state: "failed",
    cause: "launch_failed",
    reason: expect.stringContaining("no secret API_TOKEN any more"),
  });
  expect(await told((await op.start("kept")).id)).toBe(`${hash("none")} ${hash(PEM)}`);
});

test("CR-7.4 a program that unstuck exec launches has the job's secrets, and its terminal's own environment", async () => {
  const { op, server } = its;
  await op.makeJob("byhand", LASTS, { envSecret: { API_TOKEN: "for the terminal" } });
  const cli = unstuck(
    server,
    ["exec", "byhand", "--", process.execPath, "-e", `${TELLS} console.log(process.env.MINE)`],
    { cwd: op.cwd, env: { MINE: "of this terminal" } },
  );
  expect(await cli.ended, cli.output()).toMatchObject({ code: 0 });
  expect(cli.out()).toBe(`${hash("for the terminal")} ${hash("none")}\nof this terminal\n`);
});
