import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { ProcessIdentity } from "@/lib/domain/run";
import type { Stray } from "@/lib/domain/stray";
import type { StopClock } from "../ending/asking";
import { endMembers, type MembersEnd } from "../ending/end-members";
import { releaseLauncher } from "../ending/kill-until-gone";
import { findMembers, type Tree } from "../processes/members";
import { signalProcess } from "../processes/signal";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";

/**
 * Ends everything that carries a stray's marker, with all that hangs on it: asked first, killed after its grace. The launcher
 * goes last, so that it can still write down what it saw.
 * @param clock asked again and again, since a second stop may shorten it
 */
export async function endStray(
  duty: Duty,
  stray: Stray,
  stop: Pick<OutsideStop, "id" | "profile" | "once" | "signalled">,
  clock: StopClock,
): Promise<MembersEnd> {
  const { ports, abort } = duty;
  const tree: Tree = {
    marker: stray.marker,
    launcher: stray.launcher,
    payload: null,
    sessions: new Map(),
  };
  const end = await endMembers(
    ports,
    {
      ...stop,
      find: () => findMembers(ports.processes, tree),
      root: null,
      clock,
      beforeSignal: async (asked, members) => {
        const met = members.map(({ pid, startTicks }) => ({ pid, startTicks }));
        await insist(duty, () => ports.records.noteSignalled(stop.id, { ...asked, met }));
      },
    },
    abort,
  );
  if (end === "abandoned") return end;
  const { launcher } = stray;
  const wake = (its: ProcessIdentity) => void signalProcess(ports.processes, its, "SIGCONT");
  const released = await releaseLauncher(ports.processes, launcher, wake, abort);
  return released === "abandoned" ? released : end;
}
