import { newSlice } from "@/lib/turns";
import { perRun } from "../files/per-run";
import { type HostUnits, hostUnits } from "../host/units";
import { lifeOf } from "../life/life";
import { linuxProcesses } from "../processes/linux";
import type { Reading } from "../usage/book";
import { membersOfRuns } from "../usage/members";
import type { Candidate } from "../usage/owners";
import type { ProcessStat } from "../usage/proc-stats";
import { enterLook, isToMeasure, MEASURE_EVERY_MS, takeSample, usageOf, wasSaved } from "../usage/run-usage";
import type { Duty } from "../watch/duty";
import type { Watched } from "../watch/watched";

const SAVE_EVERY_MS = 60_000;
const THIN_EVERY_MS = 1_800_000;

export type Sampling = {
  /** Writes down what has not been written yet. */
  save(): Promise<void>;
  stop(): void;
};

/** Measures the watched runs again and again: one pass over the list of processes for all of them, and one write a minute. */
export function startSampling(duty: Duty): Sampling {
  const units = hostUnits();
  // Not the shared reader: it remembers what it read until the next scan, and a pass here is none.
  const members = membersOfRuns<Watched>({ readMarker: linuxProcesses().marker });
  let timer: NodeJS.Timeout | null = null;
  let savedAt = performance.now();
  let thinnedAt = Number.NEGATIVE_INFINITY;
  schedule();
  return {
    save: () => save(duty),
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };

  function schedule(): void {
    timer = setTimeout(() => {
      void duty.tasks.run("usage", sample).finally(() => {
        if (!duty.abort.aborted) schedule();
      });
    }, MEASURE_EVERY_MS);
    timer.unref();
  }

  async function sample(): Promise<void> {
    const runs = [...duty.list.values()].filter(
      ({ tree }) => tree.launcher !== null || tree.payload !== null,
    );
    if (runs.length > 0) await measureAll(duty, runs, members, units);
    else members.forget();
    if (performance.now() - savedAt < SAVE_EVERY_MS || duty.abort.aborted) return;
    savedAt = performance.now();
    await save(duty);
    if (savedAt - thinnedAt < THIN_EVERY_MS) return;
    thinnedAt = savedAt;
    await duty.ports.records.thinUsage();
  }
}

/** Its processes become known while it runs, so they are looked up each time. */
const candidateOf = perRun((owner: Watched): Candidate<Watched> => {
  const { tree } = owner;
  return {
    owner,
    marker: tree.marker,
    get launcher() {
      return tree.launcher;
    },
    get payload() {
      return tree.payload;
    },
  };
});

type Members = ReturnType<typeof membersOfRuns<Watched>>;

async function measureAll(
  duty: Duty,
  runs: readonly Watched[],
  members: Members,
  units: HostUnits,
): Promise<void> {
  const found = await members.pass(runs.map(candidateOf));
  const slice = newSlice();
  for (const [run, pids] of found) {
    // Its end was written meanwhile, and with it what it used.
    if (duty.list.get(run.run.id) !== run || !isToMeasure(usageOf(run), pids, lifeOf(run).spokeAt)) continue;
    const stats = members.readAgain(pids);
    if (stats.length > 0) enter(duty, run, stats, units);
    if (slice.isOver()) await slice.next();
  }
}

/** The launcher is ours: only what it has inherited from the program counts. */
function enter(
  duty: Duty,
  run: Watched,
  stats: readonly ProcessStat[],
  { pageBytes, msPerTick }: HostUnits,
): void {
  const launcher = run.tree.launcher?.pid ?? 0;
  const program = stats.filter(({ pid, zombie }) => pid !== launcher && !zombie);
  const readings: Reading[] = stats.map((stat) => (stat.pid === launcher ? { ...stat, own: 0 } : stat));
  const memoryBytes = program.reduce((sum, { rss }) => sum + rss * pageBytes, 0);
  const look = { readings, memoryBytes, processes: program.length };
  enterLook(usageOf(run), look, run.tree.group ?? null, msPerTick, duty.ports.now());
}

async function save({ list, ports }: Duty): Promise<void> {
  const fresh = [...list.values()].flatMap((watched) => {
    const usage = usageOf(watched);
    const sample = takeSample(watched.run.id, usage);
    return sample === null ? [] : [{ usage, sample }];
  });
  if (fresh.length === 0) return;
  await ports.records.saveUsage(fresh.map(({ sample }) => sample));
  for (const { usage } of fresh) wasSaved(usage);
}
