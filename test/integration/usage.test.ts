import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { program } from "../programs";
import { type Answer, cleanUp, newDataDir, startServer, type TestServer } from "../server";
import { until } from "../until";

const BURNS = ["/bin/sh", "-c", "echo ready; while :; do :; done"];
const ALLOCATES = [
  process.execPath,
  "-e",
  "const held = Buffer.alloc(150e6, 1); console.log('ready', held.length); setInterval(() => {}, 1e6)",
];

let op: Operator;
const usage = (id: string): Promise<Answer> => op.call("GET", `/api/v1/runs/${id}/usage`, 200);

/** Both ways of counting: by the run's own cgroup where it can be had, and by scans alone. */
describe.each(["auto", "off"])("with UNSTUCK_CGROUPS=%s", (cgroups) => {
  const dataDir = newDataDir();
  const env = { UNSTUCK_CGROUPS: cgroups };
  let server: TestServer;

  beforeAll(async () => {
    server = await startServer({ dataDir, env });
    op = operator(server);
  });
  afterEach(() => op.endAll());
  afterAll(() => server.kill());

  test("processor time and memory of a run are in its series, its facts, and stay through restarts and its end", async () => {
    await op.makeJob("burns", BURNS);
    await op.makeJob("allocates", ALLOCATES);
    const burning = await op.startReady("burns");
    const holding = await op.startReady("allocates");
    const seen = await op.runThat(burning.id, "has used a second", ({ cpuMs }) => cpuMs > 1_000);
    const { points } = await until("there are points", async () => {
      const answer = await usage(burning.id);
      return answer.points.length > 0 ? answer : null;
    });
    expect(points.at(-1)).toMatchObject({ processes: 1 });
    expect(points.at(-1).cpuPercent).toBeGreaterThan(0);
    expect(points.at(-1).cpuPercent).toBeLessThan(150);
    const held = await op.runThat(holding.id, "was measured", ({ peakMemoryBytes }) => peakMemoryBytes > 0);
    expect(held.peakMemoryBytes).toBeGreaterThan(150e6);
    expect(held.peakMemoryBytes).toBeLessThan(600e6);

    expect(await server.stop()).toBe(0);
    server = await startServer({ dataDir, env });
    op = operator(server);
    const after = await op.run(burning.id);
    expect(after.cpuMs).toBeGreaterThanOrEqual(seen.cpuMs);
    expect((await usage(burning.id)).points.length).toBeGreaterThan(0);

    await server.kill();
    server = await startServer({ dataDir, env });
    op = operator(server);
    const grown = await op.runThat(burning.id, "has used more", ({ cpuMs }) => cpuMs > after.cpuMs);
    await op.stop("burns");
    expect((await op.over(burning.id)).cpuMs).toBeGreaterThanOrEqual(grown.cpuMs);
    for (const { cpuPercent } of (await usage(burning.id)).points) expect(cpuPercent).toBeLessThan(150);
  });

  test("a run too short to be looked at is known by what it used in all", async () => {
    const loop = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
    await op.makeJob("short", ["/bin/sh", "-c", `(${loop})`]);
    const run = await op.over((await op.start("short")).id);
    expect(run.cpuMs).toBeGreaterThan(20);
    expect(run.cpuMs).toBeLessThan(20_000);
    expect((await usage(run.id)).memoryLimit).toBeNull();
  });

  test("nice and the limit of open files are in force, and the run's history says so", async () => {
    const run = await op.runningJob("limited", program("forever"), { limits: { nice: 7, openFiles: 222 } });
    expect(readFileSync(`/proc/${run.pid}/stat`, "utf8").split(" ")[18]).toBe("7");
    expect(readFileSync(`/proc/${run.pid}/limits`, "utf8")).toMatch(/Max open files +222 +222/);
    const applied = (await op.events(run.id)).find(({ type }: Answer) => type === "limits_applied");
    expect(applied.data).toMatchObject({ memory: "none", nice: 7, openFiles: 222 });
  });

  test("memory is limited by the cgroup or else for each process, and it is told by which and why", async () => {
    await op.makeJob("greedy", ALLOCATES.with(2, "Buffer.alloc(900e6, 1)"), {
      limits: { memoryBytes: 300e6 },
    });
    const run = await op.over((await op.start("greedy")).id);
    const applied = (await op.events(run.id)).find(({ type }: Answer) => type === "limits_applied");
    const { memoryLimit } = await usage(run.id);
    expect(memoryLimit).toEqual({ bytes: 300e6, by: applied.data.memory, why: applied.data.why });
    if (memoryLimit.by === "cgroup")
      expect(run).toMatchObject({ cause: "out_of_memory", state: "interrupted" });
    // Refused by the kernel and not killed by it: how it ends is the program's own affair, and nobody claims a proof.
    else expect(run).toMatchObject({ state: "failed" });
    expect(["out_of_memory", "exit", "crashed"]).toContain(run.cause);
  });

  test("usage of a run that is not there is 404", async () => {
    await op.call("GET", "/api/v1/runs/run_00000000000000000000/usage", 404);
  });
});

afterAll(cleanUp);
