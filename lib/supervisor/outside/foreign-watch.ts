import { graceLeft, type OutsideStop } from "@/lib/domain/outside-stop";
import type { PidFileSight } from "@/lib/domain/pid-file";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { StopClock } from "../ending/asking";
import { removePidFile } from "../pid-file/pid-file";
import { seePidFile } from "../pid-file/see-pid-file";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import { endForeign } from "./end-foreign";

const FRESH_FOR_MS = 1_000;

export type ForeignWatch = {
  /** @param fresh look now; else what was seen within the last second will do */
  seePidFile(path: string, fresh?: boolean): Promise<PidFileSight>;
  /**
   * Removes a stale pid file.
   * @param doubtfulToo also one of which it cannot be told whether its process has written it
   * @returns whether there was one
   */
  removeStalePidFile(path: string, doubtfulToo?: boolean): Promise<boolean>;
  /** Begins to end a process that no run of ours has started, or goes on with it. Its stop is closed when it is over. */
  endForeign(stop: OutsideStop, pidFile: string): void;
  /** Whether that is under way. */
  isEnding(foreign: ProcessIdentity): boolean;
};

/** Processes outside Unstuck: who is behind the pid files, and whom we are ending. */
export function foreignWatch(duty: Duty): ForeignWatch {
  const { ports, list, tasks } = duty;
  /** A page with hundreds of jobs is read every second by everybody who looks at it. */
  const seen = new Map<string, { readonly at: number; readonly sight: PidFileSight }>();
  const ending = new Map<string, number>();
  const key = ({ pid, startTicks }: ProcessIdentity) => `${pid}.${startTicks}`;

  return {
    async seePidFile(path, fresh = false) {
      const known = seen.get(path);
      if (!fresh && known !== undefined && performance.now() - known.at < FRESH_FOR_MS) return known.sight;
      // Paths of jobs that are no more would gather here for ever.
      if (seen.size > 10_000) seen.clear();
      const sight = await seePidFile(ports, list, path);
      seen.set(path, { at: performance.now(), sight });
      return sight;
    },
    async removeStalePidFile(path, doubtfulToo = false) {
      const sight = await seePidFile(ports, list, path);
      seen.delete(path);
      if (sight.found === "stale") return removePidFile(ports.files, path, sight.pid);
      if (!doubtfulToo || sight.found !== "foreign" || sight.process.certain) return false;
      const { doubt, identity } = sight.process;
      return removePidFile(ports.files, path, doubt === "form" ? null : identity.pid);
    },
    endForeign(stop, pidFile) {
      const id = key(stop.identity);
      const clock = clockOf(stop, performance.now() + graceLeft(stop, ports.now()));
      ending.set(id, (ending.get(id) ?? 0) + 1);
      void tasks
        .run("end foreign", async () => {
          const end = await endForeign(duty, stop, pidFile, clock);
          ports.log.info({ pid: stop.identity.pid, pidFile, end }, "foreign.ended");
          if (end !== "abandoned") await insist(duty, () => ports.records.closeStop(stop, end, null));
        })
        .finally(() => {
          seen.delete(pidFile);
          const left = (ending.get(id) ?? 1) - 1;
          if (left === 0) ending.delete(id);
          else ending.set(id, left);
        });
    },
    isEnding: (foreign) => ending.has(key(foreign)),
  };
}

/** Of the grace so much is over that what is left of it ends then. @param deadline on the monotonic clock */
function clockOf({ graceMs }: OutsideStop, deadline: number): StopClock {
  return () => ({ sinceMs: graceMs - (deadline - performance.now()), graceMs });
}
