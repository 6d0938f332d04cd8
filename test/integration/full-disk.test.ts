import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Operator, operator } from "../operator";
import { processesOfRun } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { canMount, mountSmallDisk, type SmallDisk } from "../small-disk";
import { until } from "../until";

let disk: SmallDisk;
let server: TestServer;
let op: Operator;
/** Off the full disk: what tests and programs say to each other must not fail with it. */
const aside = mkdtempSync(join(tmpdir(), "unstuck-aside-"));
let fifos = 0;

async function serve(env: Record<string, string> = {}, ready = true): Promise<void> {
  server = await startServer({ dataDir: disk.folder, env, ready });
  op = operator(server);
}

const aFifo = () => makeFifo(join(aside, `fifo-${++fifos}`));
const failures = () => server.output().split('"task.failed"').length;
/** The guard would refuse what these tests are about: what happens on a disk that was not yet full when the run began. */
const UNGUARDED = { UNSTUCK_DISK_WARN_PERCENT: "0", UNSTUCK_DISK_REFUSE_PERCENT: "0" };

afterAll(() => rmSync(aside, { recursive: true, force: true }));

const skipped = canMount ? "" : " (skipped: only root can mount a small file system)";

describe.skipIf(!canMount)(`on a disk without a free byte${skipped}`, () => {
  beforeEach(() => {
    disk = mountSmallDisk("size=24m");
  });
  afterEach(async () => {
    disk.free();
    try {
      await op.endAll();
    } finally {
      await cleanUp();
      disk.unmount();
    }
  });

  test("a run that ends has its true exit code as soon as there is room, and reads are answered meanwhile", async () => {
    await serve(UNGUARDED);
    const fifo = aFifo();
    const { id } = await op.runningJob("ends", program("exits-when-told", fifo));
    await op.makeJob("other", program("exits-with", 0));
    disk.fill();
    const before = failures();
    await tell(fifo, 7);
    await until(
      "it has ended and a write has failed",
      () => processesOfRun(id).length === 0 && failures() > before,
    );
    for (const path of ["/api/v1/status", `/api/v1/runs/${id}`, `/api/v1/runs/${id}/log`, "/health"])
      expect((await server.api("GET", path)).status, path).toBe(200);
    expect(await server.api("POST", "/api/v1/jobs/other/start")).toMatchObject({
      status: 507,
      body: { code: "DISK_FULL", detail: expect.stringContaining("no room left") },
    });
    disk.free();
    expect(await op.over(id)).toMatchObject({ state: "failed", exitCode: 7, cause: "exit" });
  });

  test("an exit code survives even when the dashboard is killed before there is room, and it comes up by itself", async () => {
    await serve(UNGUARDED);
    const fifo = aFifo();
    const { id } = await op.runningJob("survives", program("exits-when-told", fifo));
    disk.fill();
    await server.kill();
    await tell(fifo, 9);
    await until("its launcher is gone", () => processesOfRun(id).length === 0);
    await serve(UNGUARDED, false);
    await until("it is up, or says why not", async () => {
      const { status, body } = await server.api("GET", "/health");
      return status === 200 || body.code === "DISK_FULL";
    });
    disk.free();
    expect(await until("it is up", async () => (await server.api("GET", "/health")).status === 200)).toBe(
      true,
    );
    expect(await op.over(id)).toMatchObject({ state: "failed", exitCode: 9, cause: "exit" });
  });

  test("a first start says why it cannot come up, and comes up by itself when there is room", async () => {
    disk.fill();
    await serve(UNGUARDED, false);
    await until("it says why", async () => (await server.api("GET", "/health")).body.code === "DISK_FULL");
    disk.free();
    await until("it is up", async () => (await server.api("GET", "/health")).status === 200);
  });

  test("a program whose output fills the disk ends by its own exit code", async () => {
    await serve(UNGUARDED);
    await op.makeJob("fills", program("writes-until-full"));
    const { id } = await op.start("fills");
    await until("its program has ended", async () => processesOfRun(id).length === 0 && failures() > 1);
    expect((await server.api("GET", `/api/v1/runs/${id}`)).status).toBe(200);
    expect((await server.api("GET", "/health")).status).toBe(200);
    // The log itself is what fills it: nothing ends by itself until somebody makes room.
    rmSync(join(disk.folder, "fills", "logs", `${id}.log`));
    expect(await op.over(id)).toMatchObject({ state: "failed", exitCode: 5, cause: "exit" });
  });

  test("a stop that cannot be written down is refused with the reason, and works once there is room", async () => {
    await serve(UNGUARDED);
    const run = await op.runningJob("stops", program("forever"));
    disk.fill();
    expect((await server.api("POST", "/api/v1/jobs/stops/stop")).status).toBe(507);
    disk.free();
    await op.stop("stops");
    expect(await op.over(run.id)).toMatchObject({ state: "stopped", cause: "stop" });
  });

  test("a start is refused with the mount, what is free and what to do; a queued run says what it waits for", async () => {
    await serve({ UNSTUCK_DISK_WARN_PERCENT: "60", UNSTUCK_DISK_REFUSE_PERCENT: "40" });
    await op.runningJob("holds", program("forever"), { locks: ["room"] });
    await op.makeJob("waits", program("exits-with", 0), { locks: ["room"] });
    const { id } = await op.start("waits");
    await op.makeJob("refused", program("exits-with", 0));
    disk.fill();
    const refused = await until("a start is refused", async () => {
      const answer = await server.api("POST", "/api/v1/jobs/refused/start");
      return answer.status === 507 && answer.body.details.mount !== undefined && answer;
    });
    expect(refused.body).toMatchObject({
      code: "DISK_FULL",
      details: { mount: disk.folder, freeBytes: 0, refusePercent: 40 },
    });
    expect(refused.body.detail).toContain(disk.folder);
    expect((await server.api("POST", "/api/v1/jobs/holds/restart")).status).toBe(507);
    expect((await server.api("GET", "/health")).body).toMatchObject({
      status: "ok",
      disk: { state: "full", freeBytes: 0 },
    });
    disk.free();
    await until(
      "starts are possible",
      async () => (await server.api("POST", "/api/v1/jobs/refused/start")).status === 202,
    );
    await op.stop("holds");
    expect(await op.over(id)).toMatchObject({ state: "completed", exitCode: 0 });
  });

  test("no room for files is a full disk too", async () => {
    disk.unmount();
    disk = mountSmallDisk("size=24m,nr_inodes=100");
    await serve({ UNSTUCK_DISK_WARN_PERCENT: "98", UNSTUCK_DISK_REFUSE_PERCENT: "97" });
    await op.makeJob("files", program("exits-with", 0));
    const answer = await server.api("POST", "/api/v1/jobs/files/start");
    expect(answer).toMatchObject({
      status: 507,
      body: { code: "DISK_FULL", detail: expect.stringContaining("of the inodes of") },
    });
  });
});
