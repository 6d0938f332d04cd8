import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";

/** What forks and ends all the time, where only scans can find it: without cgroups. */
let server: TestServer;
let op: Operator;

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_CGROUPS: "off" } });
  op = operator(server);
});
afterEach(() => op.endAll());
afterAll(cleanUp);

const [forker = ""] = program("keeps-forking");
const JOBS = Array.from({ length: 12 }, (_, index) => `leaves-forkers-${index}`);

test("a forker that a program leaves behind is ended before its run is over, also when only scans can find it", async () => {
  for (const job of JOBS) await op.makeJob(job, ["sh", "-c", 'setsid "$0" hop 2000 & exit 0', forker]);
  const runs = await Promise.all(JOBS.map((job) => op.start(job)));
  for (const { id } of runs) expect(await op.over(id)).toMatchObject({ state: "completed", exitCode: 0 });
  // They live for 30 ms each: one look may miss what twenty do not.
  for (let looks = 0; looks < 20; looks += 1)
    expect(runs.flatMap(({ id }) => processesOfRun(id))).toEqual([]);
});
