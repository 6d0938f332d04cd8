import { T0 } from "@/test/factories";
import { audit, CLAIMED, exited, SPAWNED, STOP } from "../store/given";
import {
  about,
  BARE,
  FIFTH,
  FIRST,
  GONE,
  NEWS,
  NO_RUN,
  NOBODY,
  page,
  queue,
  refused,
  SECOND,
  SHOP,
  type Step,
  start,
  THIRD,
} from "./given";

export const JOBS: readonly Step[] = [
  ["a job is made", (p) => p.insertJob(SHOP, { KEY: "s3cret" }, about("job.created", SHOP.id))],
  ["made twice it is not", (p) => p.insertJob(SHOP, {}, about("job.created", SHOP.id))],
  ["a second", (p) => p.insertJob(NEWS, {}, about("job.created", NEWS.id))],
  ["a third", (p) => p.insertJob(BARE, {}, about("job.created", BARE.id))],
  ["a fourth", (p) => p.insertJob(GONE, {}, about("job.created", GONE.id))],
  ["jobs come in pages, one more than asked for", (p) => p.listJobs(page)],
  ["the next page", (p) => p.listJobs({ after: "gone", limit: 5 })],
  ["a job is found without a run", (p) => p.findJob(SHOP.id)],
  ["one that is not there", (p) => p.findJob(NOBODY)],
  [
    "a change sees the secrets",
    (p) =>
      p.updateJob(
        SHOP.id,
        1,
        (job, secrets) => ({ job: { ...job, title: secrets.KEY ?? "", version: 2 }, secrets: {} }),
        about("job.changed", SHOP.id),
      ),
  ],
  [
    "a change of an old version",
    (p) => p.updateJob(SHOP.id, 1, (job) => ({ job, secrets: {} }), about("job.changed", SHOP.id)),
  ],
  ["a change of nothing", (p) => p.updateJob(NOBODY, 1, refused, about("job.changed", NOBODY))],
  ["a change that is refused writes nothing", (p) => p.updateJob(SHOP.id, 2, refused, audit("job.changed"))],
];

export const STARTS: readonly Step[] = [
  ["a start of no job", (p) => p.enqueueRun(NOBODY, refused, start, T0)],
  ["a start that is refused", (p) => p.enqueueRun(SHOP.id, refused, start, T0)],
  ["a start that has to look again", (p) => p.enqueueRun(SHOP.id, () => "look again", start, T0)],
  ["a start takes its locks", queue(FIRST)],
  ["what it was given in secret", (p) => p.secretParameters(FIRST.id)],
  ["a second one of the job is in its way", queue(FIFTH)],
  ["another job waits for the shared lock", queue(SECOND)],
  ["one without locks", queue(THIRD)],
  ["the queue", (p) => p.listQueue()],
  ["the locks", (p) => p.listLocks(null, { after: null, limit: 10 })],
  ["own locks, a page", (p) => p.listLocks("own", page)],
  ["a lock", (p) => p.findLock("shared:site")],
  ["no lock", (p) => p.findLock("shared:other")],
  ["a limit", (p) => p.setLimit({ name: "tag:shops", maxRuns: 2 }, audit("limit.set"), T0)],
  ["another", (p) => p.setLimit({ name: "worker", maxRuns: 9 }, audit("limit.set"), T0)],
  ["it is claimed", (p) => p.applyEvent(FIRST.id, CLAIMED)],
  ["it runs", (p) => p.applyEvent(FIRST.id, SPAWNED, audit("run.spawned", { runId: FIRST.id }))],
  ["what limits count", (p) => p.listCapacities()],
  ["a limit goes", (p) => p.removeLimit("worker", audit("limit.removed"), T0)],
  ["it is gone", (p) => p.removeLimit("worker", audit("limit.removed"), T0)],
  ["what holds", (p) => p.fencesOf(FIRST.id)],
  ["what is unfinished", (p) => p.listUnfinished()],
  ["an event of no run", (p) => p.applyEvent(NO_RUN, STOP)],
  ["an event that comes too late", (p) => p.applyEvent(FIRST.id, SPAWNED)],
  ["and again", (p) => p.applyEvent(FIRST.id, SPAWNED)],
  ["a note", (p) => p.noteEvent(FIRST.id, "signalled", { signal: "SIGTERM" })],
  ["the newest of two words", (p) => p.findEvent(FIRST.id, ["queued", "spawned"])],
  ["no such word", (p) => p.findEvent(FIRST.id, ["cleaned"])],
  [
    "a lock is taken away",
    async (p) => {
      const lock = await p.findLock("shared:site");
      if (lock?.holder == null) throw new Error("It is not held.");
      const held = { ...lock, holder: lock.holder };
      const event = { lock: "site" };
      return [
        await p.takeAwayLock(held, event, audit("lock.taken_away"), T0),
        await p.takeAwayLock(held, event, audit("lock.taken_away"), T0),
      ];
    },
  ],
  ["its next holder", (p) => p.findLock("shared:site")],
  ["what waited has its turn", (p) => p.findRun(SECOND.id)],
  ["it fails", (p) => p.applyEvent(FIRST.id, exited(1))],
  ["with its job", (p) => p.listJobsWithNewest()],
  ["jobs that have a pid file", (p) => p.listJobsWithPidFile()],
];
