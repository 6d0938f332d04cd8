import { expect, test } from "vitest";
import type { PidFileSight } from "@/lib/domain/pid-file";
import { aContext } from "@/test/a-context";
import { aJob, aRun, jobId } from "@/test/factories";
import { aStray } from "@/test/strays";
import { listStrays } from "./list-strays";

const STALE: PidFileSight = { found: "stale", why: "process 41 is gone", pid: 41 };

test("each stray is listed with what can be done about it", async () => {
  const strays = [aStray(), aStray({ jobId: jobId("busy") }), aStray({ jobId: jobId("deleted") })];
  const active = aRun("running", { jobId: jobId("busy") });
  const ctx = aContext({ jobs: [aJob()], runs: [active], findStrays: async () => strays });
  const seen = (await listStrays(ctx)).strays;
  expect(seen.map(({ stray }) => stray)).toEqual(strays);
  expect(seen.map(({ verdict }) => verdict.can)).toEqual([["adopt", "stop"], ["stop"], ["stop"]]);
  expect(seen[1]?.verdict.sentence).toContain(active.id);
  expect(seen[2]?.verdict.sentence).toContain('there is no job "deleted"');
});

test("an ended run of its job is not in the way of an adoption", async () => {
  const ctx = aContext({ runs: [aRun("failed")], findStrays: async () => [aStray()] });
  expect((await listStrays(ctx)).strays[0]?.verdict.can).toEqual(["adopt", "stop"]);
});

test("stale pid files are listed once, under the first job that names them", async () => {
  const pidFile = (id: string, path: string) => aJob({ id: jobId(id), cwd: "/srv", pidFile: path });
  const ctx = aContext({
    jobs: [pidFile("a", "/run/x.pid"), pidFile("b", "../run/x.pid"), pidFile("c", "y.pid"), aJob()],
    seePidFile: async ({ path }) => (path === "/run/x.pid" ? STALE : { found: "nothing" }),
  });
  expect(await listStrays(ctx)).toEqual({
    strays: [],
    pidFiles: [{ job: "a", path: "/run/x.pid", pid: 41, why: "process 41 is gone" }],
  });
});
