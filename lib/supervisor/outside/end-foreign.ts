import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { JobPidFile } from "@/lib/domain/pid-file";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { StopClock } from "../ending/asking";
import { endMembers, type MembersEnd } from "../ending/end-members";
import { removePidFile } from "../pid-file/pid-file";
import { seePidFile } from "../pid-file/see-pid-file";
import type { ProcessInfo } from "../processes/processes";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import type { SupervisorPorts } from "../watch/ports";
import type { Watchlist } from "../watch/watched";

/**
 * Ends a process that no run of ours has started, with everything that descends from it: asked first, killed after its
 * grace. Its session is not touched, because that may be a person's terminal.
 * @param clock of the stop, monotonic
 */
export async function endForeign(
  duty: Duty,
  stop: OutsideStop,
  pidFile: JobPidFile,
  clock: StopClock,
): Promise<MembersEnd> {
  const { ports, list, abort } = duty;
  // Children whose parent has gone meanwhile are known only by having been met.
  const tree = new Map([stop.identity, ...(stop.signalled?.met ?? [])].map((member) => [member.pid, member]));
  const end = await endMembers(
    ports,
    {
      ...stop,
      find: () => findForeignMembers(ports, list, tree),
      root: stop.identity,
      clock,
      beforeSignal: async (asked, members) => {
        const met = members.map(({ pid, startTicks }) => ({ pid, startTicks }));
        await insist(duty, () => ports.records.noteSignalled(stop.id, { ...asked, met }));
      },
    },
    abort,
  );
  // Not if it has a new owner since: the program may have been started again.
  if (end !== "abandoned" && (await seePidFile(ports, list, pidFile)).found === "stale")
    await removePidFile(ports.files.as(pidFile.runAs), pidFile.path, stop.identity.pid);
  return end;
}

/**
 * The process, its descendants, and descendants met earlier whose parent has gone since. Runs of ours that were started from
 * it (`unstuck exec` in a script) are not part of it: they are stopped as runs.
 */
async function findForeignMembers(
  ports: SupervisorPorts,
  list: Watchlist,
  tree: Map<number, ProcessIdentity>,
): Promise<ProcessInfo[]> {
  const all = (await ports.processes.list()).filter((info) => info.pid > 1 && info.pid !== process.pid);
  const markers = new Set([...list.values()].map((watched) => watched.tree.marker));
  const members = new Map<number, ProcessInfo>();
  for (const info of all) if (tree.get(info.pid)?.startTicks === info.startTicks) members.set(info.pid, info);
  for (let added = members.size > 0; added; ) {
    added = false;
    for (const info of all) {
      if (members.has(info.pid) || !members.has(info.parent)) continue;
      const marker = ports.processes.describe(info.pid)?.marker ?? null;
      if (marker !== null && markers.has(marker)) continue;
      members.set(info.pid, info);
      added = true;
    }
  }
  for (const { pid, startTicks } of members.values()) tree.set(pid, { pid, startTicks });
  return [...members.values()];
}
