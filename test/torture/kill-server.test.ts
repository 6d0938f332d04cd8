import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { isOver, type Operator, operator } from "../operator";
import { processesOfFolder } from "../processes";
import { makeFifo, program, tell } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";
import { seededRandom } from "./seeded-random";

/**
 * `kill -9` of the dashboard at a random moment while 20 runs are alive: some are told to end before, while or after it is
 * down, some are being stopped or restarted, some have just been asked for. What the next dashboard says must be the truth.
 */

const ROUNDS = 10;
const RUNS = 20;
const SEED = Number(process.env.TORTURE_SEED ?? Date.now() % 1_000_000);

/** What happens to a run: in the moments around the kill, or with the dashboard away. */
const FATES = [
  "ends-0",
  "ends-3",
  "ends-by-signal",
  "lives",
  "stopped",
  "forced",
  "restarted",
  "late-start",
] as const;
type Fate = (typeof FATES)[number];
type Subject = {
  readonly job: string;
  readonly fate: Fate;
  readonly fifo: string;
  runId: string;
  told: boolean;
};

const TOLD: Partial<Record<Fate, string>> = { "ends-0": "0", "ends-3": "3", "ends-by-signal": "SEGV" };

afterAll(cleanUp);

test(`the truth survives ${ROUNDS} kills of the dashboard with ${RUNS} runs alive (TORTURE_SEED=${SEED})`, async () => {
  console.log(`TORTURE_SEED=${SEED}`);
  const random = seededRandom(SEED);
  let server = await startServer();
  for (let round = 0; round < ROUNDS; round += 1) server = await killRound(server, round, random);
  expect(await server.stop()).toBe(0);
});

async function killRound(server: TestServer, round: number, random: () => number): Promise<TestServer> {
  const op = operator(server);
  const journal = join(op.cwd, `journal-${round}`);
  const subjects = await makeSubjects(op, round, journal);
  await Promise.all(
    subjects.filter(({ fate }) => fate !== "late-start").map((subject) => begin(op, subject)),
  );
  // The kill comes while all of this is under way; what does not get through any more counts as not said.
  const under = Promise.allSettled(subjects.map((subject) => act(op, subject, random())));
  await wait(random() * 250);
  await server.kill();
  await under;
  for (const subject of subjects) await tellEnd(subject);
  const next = await startServer({ dataDir: server.dataDir });
  await verify(next, subjects, journal);
  return next;
}

async function makeSubjects(op: Operator, round: number, journal: string): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    const fate = FATES[index % FATES.length] ?? "lives";
    const job = `r${round}-${index}-${fate}`;
    const fifo = makeFifo(join(op.cwd, job));
    await op.makeJob(job, program("enters-journal", journal, fifo), { timeouts: { stopGraceMs: 2_000 } });
    subjects.push({ job, fate, fifo, runId: "", told: false });
  }
  return subjects;
}

async function begin(op: Operator, subject: Subject): Promise<void> {
  subject.runId = (await op.start(subject.job)).id;
  await op.running(subject.runId);
}

async function act(op: Operator, subject: Subject, chance: number): Promise<void> {
  await wait(chance * 250);
  switch (subject.fate) {
    case "stopped":
      return op.stop(subject.job);
    case "forced":
      return op.stop(subject.job, { force: true });
    case "restarted":
      return op.restart(subject.job, { delayMs: 100 });
    case "late-start":
      subject.runId = (await op.start(subject.job)).id;
      return;
    default:
      // Half of them end before or at the kill, the others while nobody is there.
      if (chance < 0.5) await tellEnd(subject);
  }
}

async function tellEnd(subject: Subject): Promise<void> {
  const end = TOLD[subject.fate];
  if (end === undefined || subject.told) return;
  subject.told = true;
  await tell(subject.fifo, end);
}

async function verify(server: TestServer, subjects: readonly Subject[], journal: string): Promise<void> {
  const op = operator(server);
  for (const subject of subjects) await verifyFate(op, subject);
  const alive = await activeRuns(op);
  verifyProcesses(server, alive);
  verifyJournal(journal);
  for (const subject of subjects) await verifyRestartable(op, server, subject);
  await op.endAll();
}

const EXPECTED: Record<Fate, (run: Answer) => boolean> = {
  "ends-0": (run) => run.state === "completed" && run.exitCode === 0,
  "ends-3": (run) => run.state === "failed" && run.exitCode === 3,
  "ends-by-signal": (run) => run.state === "failed" && run.signal === "SIGSEGV" && run.cause === "crashed",
  lives: (run) => run.state === "running",
  // Killed before the request came through, it goes on.
  stopped: (run) => run.state === "running" || (run.state === "stopped" && run.cause === "stop"),
  forced: (run) => run.state === "running" || (run.state === "stopped" && run.cause === "stop"),
  restarted: (run) => run.state === "running" || (run.state === "stopped" && run.cause === "restart"),
  "late-start": (run) =>
    run.state === "running" || (run.state === "interrupted" && run.cause === "never_started"),
};

async function verifyFate(op: Operator, subject: Subject): Promise<void> {
  const { job, fate } = subject;
  const runs = await op.runsOf(job);
  if (runs.length === 0)
    return expect(fate, "only a start that never got through leaves no run").toBe("late-start");
  const first = runs.at(-1);
  if (subject.runId !== "") expect(first.id).toBe(subject.runId);
  subject.runId = first.id;
  await op.runThat(first.id, `has the truth of "${fate}"`, EXPECTED[fate]);
  const restarted = (await op.run(first.id)).cause === "restart";
  if (restarted)
    await until(`${job} has its successor`, async () => (await op.runsOf(job))[0].state === "running");
  expect((await op.runsOf(job)).length, job).toBe(restarted ? 2 : 1);
}

async function activeRuns(op: Operator): Promise<Answer[]> {
  return (await op.call("GET", "/api/v1/runs?state=queued,starting,running,stopping&limit=200", 200)).items;
}

/** Nothing doubled, nothing orphaned: the processes are exactly those of the active runs, one program each. */
function verifyProcesses(server: TestServer, alive: readonly Answer[]): void {
  const found = processesOfFolder(server.dataDir).filter(({ marker }) => marker !== null);
  const owners = new Set(found.map(({ marker }) => marker?.split(".")[0]));
  expect([...owners].sort()).toEqual(alive.map(({ id }) => id).sort());
  const pids = new Set(found.map(({ pid }) => pid));
  const programs = found.filter(({ parent }) => pids.has(parent));
  expect(programs.map(({ pid }) => pid).sort()).toEqual(alive.map(({ pid }) => pid).sort());
}

/** Every program writes itself into the journal when it begins: no run may stand there twice. */
function verifyJournal(journal: string): void {
  const begun = readFileSync(journal, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[1]);
  expect(begun.length).toBe(new Set(begun).size);
}

const HEAD = Array.from({ length: 50 }, (_, index) => `line ${index + 1}\n`).join("");

/** The log is whole, and a job whose run is over starts again at once: no lock was left behind. */
async function verifyRestartable(
  op: Operator,
  server: TestServer,
  { job, runId, fate }: Subject,
): Promise<void> {
  if (runId === "") return;
  const run = await op.run(runId);
  if (run.cause === "never_started") expect(await op.log(runId)).toBe("");
  else {
    const text = String(await op.log(runId));
    expect(text.replace("last line\n", ""), `log of ${job}`).toBe(HEAD);
    expect(text.endsWith("last line\n")).toBe(TOLD[fate] !== undefined);
  }
  if (!isOver(run) || fate === "restarted") return;
  const again = await server.api("POST", `/api/v1/jobs/${job}/start`);
  expect(again.status, `start of ${job} after ${run.state}`).toBe(202);
  await op.running(again.body.run.id);
}
