import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { wallClock } from "@/lib/clock";
import type { NewOutsideStop } from "@/lib/domain/outside-stop";
import type { ProcessIdentity } from "@/lib/domain/run";
import { openStore } from "@/lib/store/open";
import { listStops, openStop } from "@/lib/store/outside-stops";
import { recordsOf } from "@/lib/store/records";
import type { Store } from "@/lib/store/transaction";
import { linuxProcesses } from "@/lib/supervisor/processes/linux";
import { createSupervisor, type Supervisor } from "@/lib/supervisor/supervisor";
import { type Child, endChild, OURS, startChild } from "@/test/children";
import { nextRunId, WORKER } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { isRunning } from "@/test/processes";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import { audit } from "./store/given";

const HOST = linuxProcesses().hostInstance();
const GRACE_MS = 3_600_000;

type Place = { readonly folder: string; readonly store: Store };

async function aPlace(): Promise<Place> {
  const folder = temporaryFolder();
  const store = await openStore(process.cwd(), join(folder, "unstuck.db"));
  onTestFinished(() => store.close());
  return { folder, store };
}

async function aDashboard({ folder, store }: Place): Promise<Supervisor> {
  const supervisor = createSupervisor(supervisorPorts(folder, recordsOf(store, WORKER, wallClock)));
  onTestFinished(() => supervisor.shutdown());
  await supervisor.start();
  return supervisor;
}

/** A program that writes a line for every SIGTERM and goes on. */
async function deafProgram({ folder }: Place, env: Record<string, string> = {}) {
  const heard = join(folder, "heard");
  const script = `trap 'echo TERM >>"$0"' TERM; echo ready >>"$0"; while :; do sleep 0.05; done`;
  const child = startChild("sh", ["-c", script, heard], { env });
  const lines = () => readFileSync(heard, { encoding: "utf8", flag: "a+" }).split("\n").slice(0, -1);
  await until("it is ready", () => lines().includes("ready"));
  return { child, lines };
}

function identityOf({ pid }: Child): ProcessIdentity {
  const info = linuxProcesses().read(pid);
  if (info === null) throw new Error(`${pid} is gone.`);
  return { pid, startTicks: info.startTicks };
}

/** As it was asked for at some time before this dashboard came up. */
function stopped(
  { store }: Place,
  about: Pick<NewOutsideStop, "target" | "identity">,
  { requestedAt = Date.now(), hostInstance = HOST } = {},
) {
  const how = {
    profile: { to: "tree", sequence: [{ signal: "SIGTERM", waitMs: GRACE_MS }] },
    once: false,
    graceMs: GRACE_MS,
    actor: "operator",
    jobId: null,
    runId: null,
  } as const;
  const worker = { id: WORKER, hostInstance };
  return openStop(store, worker, { ...about, ...how }, audit("foreign.stop_requested"), requestedAt);
}

async function endOf({ store }: Place) {
  await until("the stop is closed", async () => (await listStops(store, WORKER)).length === 0);
  const row = await store.read.audit.findFirst({ orderBy: { id: "desc" } });
  return { action: row?.action, reason: row?.reason, ...JSON.parse(row?.details ?? "{}") };
}

test("CR-6.12 a stop is on record before its signal, goes on under the next dashboard without a second signal, and tells its end", async () => {
  const place = await aPlace();
  const { child, lines } = await deafProgram(place);
  const pidFile = join(place.folder, "program.pid");
  writeFileSync(pidFile, `${child.pid}\n`);
  const about = { target: { kind: "foreign", pidFile } as const, identity: identityOf(child) };
  const first = await aDashboard(place);
  first.endForeign(await stopped(place, about), { path: pidFile, runAs: null });
  await until("it was asked", () => lines().includes("TERM"));
  expect((await listStops(place.store, WORKER))[0]?.signalled?.processes).toContainEqual(about.identity);
  await first.shutdown();
  expect(isRunning(child.pid)).toBe(true);
  expect(await listStops(place.store, WORKER)).toHaveLength(1);

  const graceIsOver = { requestedAt: new Date(Date.now() - GRACE_MS) };
  await place.store.write((tx) => tx.outsideStop.updateMany({ data: graceIsOver }));
  const second = await aDashboard(place);
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  expect(await endOf(place)).toMatchObject({ action: "foreign.stopped", outcome: "killed", pid: child.pid });
  expect(lines()).toEqual(["ready", "TERM"]);
  await until("its end is known", () => !second.isEnding(about.identity));
});

test("CR-6.12 a stop whose process has ended signals nobody who got its number, and is closed as gone", async () => {
  const place = await aPlace();
  const { child, lines } = await deafProgram(place);
  const { pid, startTicks } = identityOf(child);
  const target = { kind: "foreign", pidFile: join(place.folder, "program.pid") } as const;
  await stopped(place, { target, identity: { pid, startTicks: startTicks - 1 } }, { requestedAt: 0 });
  await aDashboard(place);
  expect(await endOf(place)).toMatchObject({ action: "foreign.stopped", outcome: "gone" });
  expect(lines()).toEqual(["ready"]);
  expect(isRunning(child.pid)).toBe(true);
  await endChild(child);
});

test("CR-6.12 a stop from before a reboot signals nobody, not even who has the same number and ticks", async () => {
  const place = await aPlace();
  const { child, lines } = await deafProgram(place);
  const target = { kind: "foreign", pidFile: join(place.folder, "program.pid") } as const;
  await stopped(
    place,
    { target, identity: identityOf(child) },
    { requestedAt: 0, hostInstance: "other/1/1" },
  );
  await aDashboard(place);
  expect(await endOf(place)).toMatchObject({
    outcome: "gone",
    reason: expect.stringContaining("was restarted"),
  });
  expect(lines()).toEqual(["ready"]);
  await endChild(child);
});

test("CR-6.12 a stop of a stray goes on under the next dashboard, and one whose stray is gone is closed", async () => {
  const place = await aPlace();
  const runId = nextRunId();
  const marker = `${runId}.${OURS}`;
  const progressFile = join(place.folder, "runs", runId, "progress.json");
  const env = { UNSTUCK_RUN: marker, UNSTUCK_PROGRESS_FILE: progressFile };
  const { child } = await deafProgram(place, env);
  const target = { kind: "stray", marker } as const;
  await stopped(place, { target, identity: identityOf(child) }, { requestedAt: 0 });
  const first = await aDashboard(place);
  expect(await child.ended).toMatchObject({ signal: "SIGKILL" });
  expect(await endOf(place)).toMatchObject({ action: "stray.stopped", outcome: "killed" });
  await first.shutdown();
  await stopped(place, { target, identity: { pid: child.pid, startTicks: 1 } });
  await aDashboard(place);
  expect(await endOf(place)).toMatchObject({ action: "stray.stopped", outcome: "gone" });
});
