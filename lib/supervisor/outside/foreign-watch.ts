import { graceLeft, type OutsideStop } from "@/lib/domain/outside-stop";
import type { JobPidFile, PidFileSight } from "@/lib/domain/pid-file";
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
  seePidFile(file: JobPidFile, fresh?: boolean): Promise<PidFileSight>;
  /**
   * Removes a stale pid file.
   * @param doubtfulToo also one of which it cannot be told whether its process has written it
   * @returns whether there was one
   */
  removeStalePidFile(file: JobPidFile, doubtfulToo?: boolean): Promise<boolean>;
  /** Begins to end a process that no run of ours has started, or goes on with it. Its stop is closed when it is over. */
  endForeign(stop: OutsideStop, pidFile: JobPidFile): void;
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
    async seePidFile(file, fresh = false) {
      const at = placeOf(file);
      const known = seen.get(at);
      if (!fresh && known !== undefined && performance.now() - known.at < FRESH_FOR_MS) return known.sight;
      // Paths of jobs that are no more would gather here for ever.
      if (seen.size > 10_000) seen.clear();
      const sight = await seePidFile(ports, list, file);
      seen.set(at, { at: performance.now(), sight });
      return sight;
    },
    async removeStalePidFile(file, doubtfulToo = false) {
      const { path, runAs } = file;
      const files = ports.files.as(runAs);
      const sight = await seePidFile(ports, list, file);
      seen.delete(placeOf(file));
      if (sight.found === "stale") return removePidFile(files, path, sight.pid);
      if (!doubtfulToo || sight.found !== "foreign" || sight.process.certain) return false;
      const { doubt, identity } = sight.process;
      return removePidFile(files, path, doubt === "form" ? null : identity.pid);
    },
    endForeign(stop, pidFile) {
      const id = key(stop.identity);
      const clock = clockOf(stop, performance.now() + graceLeft(stop, ports.now()));
      ending.set(id, (ending.get(id) ?? 0) + 1);
      void tasks
        .run("end foreign", async () => {
          const end = await endForeign(duty, stop, pidFile, clock);
          ports.log.info({ pid: stop.identity.pid, pidFile: pidFile.path, end }, "foreign.ended");
          if (end !== "abandoned") await insist(duty, () => ports.records.closeStop(stop, end, null));
        })
        .finally(() => {
          seen.delete(placeOf(pidFile));
          const left = (ending.get(id) ?? 1) - 1;
          if (left === 0) ending.delete(id);
          else ending.set(id, left);
        });
    },
    isEnding: (foreign) => ending.has(key(foreign)),
  };
}

/** What one user sees there another may not. */
function placeOf({ path, runAs }: JobPidFile): string {
  return `${runAs ?? ""}:${path}`;
}

/** Of the grace so much is over that what is left of it ends then. @param deadline on the monotonic clock */
function clockOf({ graceMs }: OutsideStop, deadline: number): StopClock {
  return () => ({ sinceMs: graceMs - (deadline - performance.now()), graceMs });
}
