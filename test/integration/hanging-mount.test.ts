import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hangingMount, noHangingMount } from "../hanging-mount";
import { type Operator, operator } from "../operator";
import { pidIn } from "../pid-files";
import { isRunning } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

const NO_MOUNT = noHangingMount();
const why = NO_MOUNT === null ? "" : ` [skipped: ${NO_MOUNT}]`;
afterAll(cleanUp);

/** A hang guard is 400 s here, and a server that reads on its event loop never answers any of this. */
const SHORT = { UNSTUCK_READ_TIMEOUT_MS: "500" };

const evidenceOf = (run: Answer): string => run.evidence.map(({ value }: Answer) => value).join("; ");

test.skipIf(NO_MOUNT !== null)(
  `CR-6.1 a mount that does not answer holds up nothing but what lies on it, and all of that goes on when it answers again${why}`,
  async () => {
    const mount = await hangingMount();
    const on = (name: string) => join(mount.path, name);
    writeFileSync(join(mount.behind, "state.json"), '{"page":7}');
    let server = await startServer({ env: SHORT });
    let op = operator(server);
    await op.makeJob("folder", program("forever"), { cwd: mount.path });
    await op.makeJob("gone", program("forever"), { checkpoint: on("gone.json") });
    const saves = await op.runningJob("saves", program("forever"), {
      checkpoint: on("state.json"),
      timeouts: { silenceMs: 1_000 },
      onSilence: "stop",
    });
    const named = await op.runningJob("named", program("forever"), { pidFile: on("x.pid") });
    await until("its pid file is there", () => pidIn(join(mount.behind, "x.pid")) === named.pid);

    mount.hang();
    rmSync(join(mount.behind, "x.pid"));
    await othersGoOn(op, "before");
    await refusesWhatIsThere(op);
    await until("it is known", async () =>
      evidenceOf(await op.run(saves.id)).includes("did not answer within 0.5 s"),
    );
    expect(await op.run(saves.id)).toMatchObject({ state: "running", pid: saves.pid });

    ({ server, op } = await restarted(server));
    expect(await op.run(saves.id)).toMatchObject({ state: "running", pid: saves.pid });
    expect(evidenceOf(await op.run(saves.id))).toContain("did not answer");
    await othersGoOn(op, "after");

    mount.answer();
    await until("it is read", async () => evidenceOf(await op.run(saves.id)).includes("page=7"));
    await until("its pid file is back", () => pidIn(join(mount.behind, "x.pid")) === named.pid);
    await op.running((await op.start("folder")).id);
    await op.endAll();
    expect(await server.stop()).toBe(0);
  },
);

/** Runs beside it are started, watched, ended for their silence, and stopped. */
async function othersGoOn(op: Operator, when: string): Promise<void> {
  const limits = { timeouts: { silenceMs: 1_000 }, onSilence: "stop" };
  const silent = await op.runningJob(`silent-${when}`, program("speaks-once"), limits);
  const run = await op.runningJob(`beside-${when}`, program("forever"));
  await op.stop(run.job);
  expect(await op.over(run.id)).toMatchObject({ state: "stopped" });
  expect(await op.over(silent.id)).toMatchObject({ state: "timed_out", cause: "silence" });
}

/** What cannot be looked at is said to be that, and nothing is started beside it or instead of it. */
async function refusesWhatIsThere(op: Operator): Promise<void> {
  for (const job of ["folder", "gone"]) {
    const refused = await op.call("POST", `/api/v1/jobs/${job}/start`, 503);
    expect(refused).toMatchObject({ code: "PATH_NOT_ANSWERING" });
    expect(refused.detail).toMatch(/did not answer within 0\.5 s.*Nothing was (changed|started)/);
    const said = await op.call("GET", `/api/v1/jobs/${job}/precheck`, 200);
    expect(said).toMatchObject({ precheck: "wait" });
    expect(said.reason).toContain("did not answer within 0.5 s");
    expect(await op.runsOf(job)).toEqual([]);
  }
}

/** SIGTERM is obeyed and the next one comes up while the mount still hangs; no process of the first is left but the runs'. */
async function restarted(first: TestServer): Promise<{ server: TestServer; op: Operator }> {
  expect(await first.stop()).toBe(0);
  expect(isRunning(first.pid)).toBe(false);
  const server = await startServer({ dataDir: first.dataDir, env: SHORT });
  return { server, op: operator(server) };
}
