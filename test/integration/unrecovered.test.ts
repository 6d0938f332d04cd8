import { afterAll, expect, test } from "vitest";
import { doctor, rowOf } from "../doctored";
import { operator } from "../operator";
import { isRunning, kill, processesOfRun } from "../processes";
import { program } from "../programs";
import { cleanUp, startServer } from "../server";
import { until } from "../until";

afterAll(cleanUp);

test("CR-6.3 a run that cannot be recovered keeps nothing else down, says why, and is taken up once it can be", async () => {
  const first = await startServer();
  const before = operator(first);
  const healthy = await before.runningJob("healthy", program("forever"));
  const broken = await before.runningJob("broken", program("forever"));
  await first.kill();
  const { spec } = rowOf(first.dataDir, broken.id);
  doctor(first.dataDir, broken.id, { spec: '{"argv": [' });

  const server = await startServer({ dataDir: first.dataDir });
  const op = operator(server);
  const health = () => server.api("GET", "/health").then(({ body }) => body);
  expect(await health()).toMatchObject({ status: "ok", runsWatched: 1, runsNotRecovered: 1 });
  expect(await op.run(healthy.id)).toMatchObject({ state: "running", pid: healthy.pid });
  expect((await op.runsOf("broken"))[0]).toMatchObject({ id: broken.id, state: "running" });
  expect(await op.run(broken.id)).toMatchObject({
    state: "running",
    reason: expect.stringContaining("cannot be read"),
    evidence: expect.arrayContaining([
      expect.objectContaining({ value: expect.stringContaining("not looked after") }),
    ]),
  });
  const refused = { status: 409, body: { code: "ROW_UNREADABLE" } };
  for (const command of ["start", "stop"])
    expect(await server.api("POST", `/api/v1/jobs/broken/${command}`), command).toMatchObject(refused);
  const { checks } = await op.call("GET", "/api/v1/doctor", 200);
  expect(checks).toContainEqual(
    expect.objectContaining({ id: "runs", status: "fail", found: expect.stringContaining(broken.id) }),
  );
  expect(checks).toContainEqual(
    expect.objectContaining({
      id: "rows",
      status: "fail",
      found: expect.stringContaining(`run ${broken.id}`),
    }),
  );
  expect(server.output()).toContain("run.not_recovered");
  await op.stop("healthy", { graceMs: 0 });
  await op.over(healthy.id);
  expect(isRunning(broken.pid), "nothing is done about it").toBe(true);

  doctor(server.dataDir, broken.id, { spec });
  // Asked about it, the dashboard tries again at once.
  const again = await server.api("POST", "/api/v1/jobs/broken/start");
  expect(again).toMatchObject({ status: 409, body: { code: "RUN_ALREADY_ACTIVE" } });
  await until("it is looked after", async () => (await health()).runsNotRecovered === 0);
  kill(broken.pid, "SIGKILL");
  expect(await op.over(broken.id)).toMatchObject({ state: "interrupted", signal: "SIGKILL" });
  expect(processesOfRun(broken.id)).toEqual([]);
});
