import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer();
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

/** Puts another script in the launcher's place: one that hangs where the real one would go on. */
function launcherThat(script: string): void {
  const launchers = join(server.dataDir, "_launchers");
  for (const name of readdirSync(launchers).filter((each) => each.endsWith(".sh")))
    writeFileSync(join(launchers, name), `#!/bin/sh\n${script}\n`);
}

const STARTS_IN_A_SECOND = { timeouts: { startMs: 1_000, stopGraceMs: 1_000 } };
const claims = `printf 'launcher %s %s\\n' $$ "$(cut -d' ' -f22 /proc/$$/stat)" >"$1/claim.launcher"; ln "$1/claim.launcher" "$1/claim"`;

test("a launcher that never claims its run is ended at the start limit, and the run is timed out", async () => {
  launcherThat("while :; do sleep 1; done");
  await op.makeJob("never-claims", program("forever"), STARTS_IN_A_SECOND);
  const { id } = await op.start("never-claims");
  const run = await op.over(id);
  expect(run).toMatchObject({ state: "timed_out", cause: "start_timeout", pid: null, exitCode: null });
  expect(run.reason).toBe(
    "Its program had not started after 1 s, all the time the job allows for its start.",
  );
  expect(processesOfRun(id)).toEqual([]);
});

test("a launcher that claims its run and never becomes the program is ended likewise, with all it has begun", async () => {
  launcherThat(`${claims}; sleep 600 & exec sleep 600`);
  await op.makeJob("never-begins", program("forever"), STARTS_IN_A_SECOND);
  const { id } = await op.start("never-begins");
  expect(await op.over(id)).toMatchObject({ state: "timed_out", cause: "start_timeout" });
  expect(processesOfRun(id)).toEqual([]);
});

test("the start limit holds across a death of the dashboard", async () => {
  launcherThat(`${claims}; exec sleep 600`);
  await op.makeJob("after-death", program("forever"), { timeouts: { startMs: 4_000, stopGraceMs: 1_000 } });
  const { id } = await op.start("after-death");
  await until("it is claimed", () => existsSync(join(server.dataDir, "runs", id, "claim")));
  await server.kill();
  server = await startServer({ dataDir: server.dataDir });
  op = operator(server);
  expect(await op.over(id)).toMatchObject({ state: "timed_out", cause: "start_timeout" });
  expect(processesOfRun(id)).toEqual([]);
});
