import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { OURS, startChild } from "@/test/children";
import { aJob, aQueuedRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { hangingMount, noHangingMount } from "@/test/hanging-mount";
import { makeFifo, tell } from "@/test/programs";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { lifeOf } from "../life/life";
import { measureLog } from "../life/log-growth";
import { openLogForAppend } from "../log/log-file";
import { processesOfThisHost } from "../processes/of-this-host";
import { type Watched, watch } from "../watch/watched";
import { keepCap, needsLook } from "./keep-cap";

/** A watched run whose program, real, writes into the log itself; a look at it as the sweep takes one. */
function writing(script: (fifo: string) => string) {
  const folder = temporaryFolder();
  const fifo = makeFifo(join(folder, "go"));
  const { records, noted } = someRecords();
  const run = aQueuedRun(aJob());
  const ports = supervisorPorts(folder, records);
  const path = ports.logFile(run);
  const log = openLogForAppend(path);
  const marker = `${OURS}writes`;
  const child = startChild("bash", ["-c", script(fifo)], {
    env: { UNSTUCK_RUN: marker },
    stdio: ["ignore", log, log],
    detached: true,
  });
  const watched: Watched = watch(ports, new Map(), run);
  const identity = processesOfThisHost().read(child.pid);
  watched.tree.launcher = identity;
  Object.assign(watched.tree, { marker });
  const look = async () => {
    measureLog(ports, watched);
    if (needsLook(watched)) await keepCap(ports, watched);
  };
  const lookAnew = () => keepCap(ports, { ...watched });
  return { child, path, fifo, watched, noted, look, lookAnew, text: () => readFileSync(path, "utf8") };
}

test("FR-F1 a log that was emptied before the first look is told at that look", async () => {
  const run = writing(
    (fifo) => `for i in 1 2 3; do echo page $i; done; echo warn >/dev/stderr; read -r _ <${fifo}`,
  );
  await until("it has emptied its log", () => run.text() === "warn\n");
  await run.look();
  expect(run.noted).toMatchObject([
    { type: "log_truncated", data: { fromBytes: 21, toBytes: 5, writer: null } },
  ]);
  await run.look();
  expect(run.noted).toHaveLength(1);
  await tell(run.fifo, "go");
  await run.child.ended;
});

test("FR-F1 a program that is only writing has emptied nothing, however often its log is looked at for the first time", async () => {
  const run = writing(() => "while :; do echo x; done");
  await until("it writes", () => statSync(run.path).size > 0);
  for (let look = 0; look < 50; look += 1) await run.lookAnew();
  process.kill(-run.child.pid, "SIGKILL");
  await run.child.ended;
  expect(run.noted).toEqual([]);
});

const NO_MOUNT = noHangingMount();

test.skipIf(NO_MOUNT !== null)(
  `CR-6.1 FR-F1 the look for who emptied a log asks no other file of the program's, which may lie on a mount that hangs${NO_MOUNT === null ? "" : ` [skipped: ${NO_MOUNT}]`}`,
  async () => {
    const mount = await hangingMount();
    const run = writing(
      (fifo) =>
        `(exec 9<>${mount.path}/mounted; : >${fifo}.open; read -r _ <${fifo}) & echo page 1; echo warn >/dev/stderr; wait`,
    );
    await until("it has emptied its log", () => run.text() === "warn\n" && existsSync(`${run.fifo}.open`));
    mount.hangFor(20);
    await run.look();
    expect(mount.hangs()).toBe(true);
    mount.answer();
    expect(run.noted).toMatchObject([{ type: "log_truncated" }]);
    await tell(run.fifo, "go");
    await run.child.ended;
  },
);

test("FR-F1 a program that reopens its log, and writes over it, is named with its process", async () => {
  const run = writing(
    (fifo) =>
      `echo page 1; (: >${fifo}.written; read -r _ <${fifo}; echo over; sleep 60) > >(tee /dev/stderr >/dev/null) & wait`,
  );
  // It is empty before the first line, too.
  await until("tee has emptied it", () => existsSync(`${run.fifo}.written`) && statSync(run.path).size === 0);
  await run.look();
  expect(run.noted).toMatchObject([{ type: "log_truncated", data: { writer: { program: "tee" } } }]);
  process.kill(-run.child.pid, "SIGKILL");
  await run.child.ended;
});

test("FR-F1 a log that was emptied and has grown beyond its size by the next look is told, and its progress lines count", async () => {
  const run = writing((fifo) => `echo one; read -r _ <${fifo}`);
  await until("it has written", () => run.text() === "one\n");
  await run.look();
  writeFileSync(run.path, "::unstuck progress extracted=7\nand more\n");
  await run.look();
  expect(run.noted).toMatchObject([{ type: "log_truncated", data: { fromBytes: 4, toBytes: 40 } }]);
  expect(lifeOf(run.watched).progress).toMatchObject({ extracted: 7 });
  truncateSync(run.path, 31);
  await run.look();
  expect(run.noted).toHaveLength(2);
  expect(dirname(run.path)).toContain("logs");
  await tell(run.fifo, "go");
  await run.child.ended;
});
