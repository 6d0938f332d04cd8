/** Counts for the summary, and the last actions for whoever looks for a cause. */
export type Tally = {
  action(name: string, skipped: boolean): void;
  note(line: string): void;
  kill(how: string): void;
  booted(ms: number): void;
  answered(method: string, path: string, status: number): void;
  /** How long database and processes differed after the last action. */
  truth(ms: number): void;
  /** How long an answer took while a mount hung on which nothing of it lies. */
  besideMount(ms: number): void;
  readonly counts: Readonly<Counts>;
  readonly lastActions: readonly string[];
};

export type Counts = {
  steps: number;
  actions: Record<string, number>;
  skipped: Record<string, number>;
  kills: Record<string, number>;
  answers: Record<string, number>;
  serverKills: number;
  boots: number;
  longestBootMs: number;
  settled: number;
  settledWithin2s: number;
  longestTruthMs: number;
  besideMount: number;
  longestBesideMountMs: number;
};

const KEPT_ACTIONS = 50;
const PROMISED_TRUTH_MS = 2_000;

export function tally(): Tally {
  const counts: Counts = {
    steps: 0,
    actions: {},
    skipped: {},
    kills: {},
    answers: {},
    serverKills: 0,
    boots: 0,
    longestBootMs: 0,
    settled: 0,
    settledWithin2s: 0,
    longestTruthMs: 0,
    besideMount: 0,
    longestBesideMountMs: 0,
  };
  const lastActions: string[] = [];
  return {
    counts,
    lastActions,
    action(name, skipped) {
      counts.steps += 1;
      add(skipped ? counts.skipped : counts.actions, name);
    },
    note(line) {
      lastActions.push(line);
      if (lastActions.length > KEPT_ACTIONS) lastActions.shift();
    },
    kill(how) {
      add(counts.kills, how);
      counts.serverKills += 1;
    },
    booted(ms) {
      counts.boots += 1;
      counts.longestBootMs = Math.max(counts.longestBootMs, Math.round(ms));
    },
    answered(method, path, status) {
      const what = path.split("/").at(-1) ?? "";
      add(counts.answers, `${method} ${what} ${status}`);
    },
    truth(ms) {
      counts.settled += 1;
      if (ms <= PROMISED_TRUTH_MS) counts.settledWithin2s += 1;
      counts.longestTruthMs = Math.max(counts.longestTruthMs, Math.round(ms));
    },
    besideMount(ms) {
      counts.besideMount += 1;
      counts.longestBesideMountMs = Math.max(counts.longestBesideMountMs, Math.round(ms));
    },
  };
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
