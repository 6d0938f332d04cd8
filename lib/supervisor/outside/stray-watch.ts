import { AppError } from "@/lib/domain/errors";
import { graceLeft, type OutsideStop } from "@/lib/domain/outside-stop";
import { type JobPidFile, type PidFileSight, pidFileObstacle } from "@/lib/domain/pid-file";
import type { NewRunFacts } from "@/lib/domain/ports/outside";
import type { ProcessIdentity, Run } from "@/lib/domain/run";
import type { Stray } from "@/lib/domain/stray";
import { keepPidFile } from "../pid-file/keep-pid-file";
import { seePidFile } from "../pid-file/see-pid-file";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import { learnTree, watch } from "../watch/watched";
import { endStray } from "./end-stray";
import { findStrays } from "./find-strays";

export type StrayWatch = {
  findStrays(): Promise<readonly Stray[]>;
  /** The one a process belongs to, by a look at this moment; null when it is none, or the number has a new owner. */
  findStray(identity: ProcessIdentity): Promise<Stray | null>;
  /**
   * Begins to end it, or goes on with it; asked again it goes on with the shorter grace. Its stops are closed when it is over.
   * @throws AppError STRAY_REFUSED when it is being adopted at this moment
   */
  endStray(stray: Stray, stop: OutsideStop): void;
  /**
   * Watches the run that `write` makes of it. Between the two no other request can end or adopt it.
   * @throws AppError STRAY_REFUSED, FOREIGN_PROCESS, PID_FILE_REFUSED, and what `write` throws
   */
  adoptStray(
    stray: Stray,
    pidFile: JobPidFile | null,
    write: (found: NewRunFacts) => Promise<Run>,
  ): Promise<Run>;
};

type Held =
  | { readonly as: "adopting" }
  | { readonly as: "ending"; stray: Stray; deadline: number; stops: OutsideStop[] };

/** Processes of this data folder that no run owns. */
export function strayWatch(duty: Duty): StrayWatch {
  const { ports, list, tasks } = duty;
  /** By marker: what is being done about a stray at this moment. */
  const held = new Map<string, Held>();
  let looking: Promise<readonly Stray[]> | null = null;

  const seen = (strays: readonly Stray[]) =>
    strays.flatMap((stray) => {
      const hold = held.get(stray.marker);
      return hold?.as === "adopting" ? [] : [{ ...stray, ending: hold !== undefined }];
    });

  return {
    // Everybody who looks at the page asks; one look at a time serves them all.
    findStrays() {
      looking ??= findStrays(ports, list)
        .then(seen)
        .finally(() => {
          looking = null;
        });
      return looking;
    },
    async findStray(identity) {
      // The process it was shown by may be gone while the rest of it is still being ended.
      for (const hold of held.values())
        if (hold.as === "ending" && hasMember(hold.stray, identity)) return { ...hold.stray, ending: true };
      const strays = seen(await findStrays(ports, list, true));
      return strays.find((stray) => hasMember(stray, identity)) ?? null;
    },
    endStray(stray, stop) {
      const deadline = performance.now() + graceLeft(stop, ports.now());
      const hold = held.get(stray.marker);
      if (hold?.as === "adopting" || isOwned(duty, stray)) throw adopted(stray);
      if (hold !== undefined) {
        hold.deadline = Math.min(hold.deadline, deadline);
        hold.stops.push(stop);
        return;
      }
      const ending: Held & { as: "ending" } = { as: "ending", stray, deadline, stops: [stop] };
      held.set(stray.marker, ending);
      // When it was asked for: of a stop that is gone on with, some time before.
      const began = deadline - stop.graceMs;
      const clock = () => ({ sinceMs: performance.now() - began, graceMs: ending.deadline - began });
      void tasks
        .run("end stray", async () => {
          const end = await endStray(duty, stray, stop, clock);
          ports.log.info({ runId: stray.runId, pid: stray.identity.pid, end }, "stray.ended");
          if (end === "abandoned") return;
          const { run, identity } = stray;
          for (const one of ending.stops) await insist(duty, () => ports.records.closeStop(one, end, null));
          if (run !== null)
            await insist(duty, () => ports.records.note(run.id, "stray_ended", { pid: identity.pid }));
        })
        .finally(() => held.delete(stray.marker));
    },
    async adoptStray(stray, pidFile, write) {
      if (held.has(stray.marker) || isOwned(duty, stray)) throw beingHandled(stray);
      held.set(stray.marker, { as: "adopting" });
      try {
        if (pidFile !== null) refusePidFile(stray, pidFile.path, await seePidFile(ports, list, pidFile));
        const { workerId, hostInstance, ownerEpoch } = ports;
        const watched = watch(ports, list, await write({ workerId, hostInstance, ownerEpoch }));
        learnTree(watched);
        void keepPidFile(ports, list, watched);
        ports.log.info({ runId: watched.run.id, startedAs: stray.runId }, "stray.adopted");
        duty.takeUp(watched);
        return watched.run;
      } finally {
        held.delete(stray.marker);
      }
    },
  };
}

function hasMember({ members }: Stray, { pid, startTicks }: ProcessIdentity): boolean {
  return members.some((member) => member.pid === pid && member.startTicks === startTicks);
}

/** The file may name the stray itself, as it did when it was a run. */
function refusePidFile(stray: Stray, path: string, sight: PidFileSight): void {
  if (sight.found === "foreign" && hasMember(stray, sight.process.identity)) return;
  const obstacle = pidFileObstacle(path, sight);
  if (obstacle !== null) throw obstacle;
}

/** Another request may have been quicker since it was found. */
function isOwned({ list }: Duty, { marker }: Stray): boolean {
  return [...list.values()].some(({ tree }) => tree.marker === marker);
}

function adopted({ identity, jobId }: Stray): AppError {
  return new AppError(
    "STRAY_REFUSED",
    `Process ${identity.pid} has just been adopted. Nothing was signalled. Stop the run of job "${jobId}" instead.`,
  );
}

function beingHandled({ identity }: Stray): AppError {
  return new AppError(
    "STRAY_REFUSED",
    `Process ${identity.pid} is being ended or adopted already. Nothing was changed. Look again in a moment.`,
  );
}
