import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linesOf } from "@/test/asked-tree";
import { OURS, startChild } from "@/test/children";
import { aRun } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { program } from "@/test/programs";
import { someRecords } from "@/test/some-records";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { closing } from "../watch/closing";
import type { Duty } from "../watch/duty";
import { tracker } from "../watch/tracker";
import { watch } from "../watch/watched";
import { beginEnding } from "./endings";

test("FR-F4 a shutdown splits its budget too: whoever was not asked is asked in time, also of a run that was stopping for long", async () => {
  const folder = temporaryFolder();
  const [file, helper] = [join(folder, "program"), join(folder, "helper")];
  const saves = program("saves-when-asked")[0] ?? "";
  const run = aRun("stopping", { launcher: null, process: null, startedAt: 1, graceMs: 3_600_000 });
  const marker = `${OURS}${run.token}`;
  const child = startChild("sh", ["-c", '"$0" "$2" 0.1 & "$0" "$1" 600; wait', saves, file, helper], {
    detached: true,
    env: { UNSTUCK_RUN: marker },
  });
  await until("they are ready", () => linesOf(file).length > 0 && linesOf(helper).length > 0);
  const { records, noted } = someRecords(run);
  const ports = supervisorPorts(folder, records);
  const list = new Map();
  const watched = watch(ports, list, run);
  const payload = { pid: child.pid, startTicks: ports.processes.read(child.pid)?.startTicks ?? 0 };
  Object.assign(watched.tree, { payload, marker });
  mkdirSync(watched.files.folder, { recursive: true });
  mkdirSync(ports.paths.exits, { recursive: true });
  writeFileSync(join(watched.files.folder, "claim"), "launcher 500000000 4\n");
  const duty = {
    ports,
    list,
    abort: new AbortController().signal,
    tasks: tracker(ports.log),
    closing: closing(),
    claimQueued: () => {},
  } as unknown as Duty;
  beginEnding(duty, watched);
  await until("the program was asked", () => linesOf(file).includes("SIGTERM"));
  expect(linesOf(helper)).toHaveLength(1);
  duty.closing.limit(performance.now() + 2_000);
  await until("the helper has saved", () => linesOf(helper).includes("saved"));
  duty.closing.hurry();
  await duty.tasks.settled();
  expect(noted.map(({ data }) => [data.signal, data.asked])).toEqual(
    expect.arrayContaining([
      ["SIGTERM", "program"],
      ["SIGTERM", "others"],
    ]),
  );
});
