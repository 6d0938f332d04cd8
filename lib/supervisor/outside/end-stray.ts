import { setTimeout as wait } from "node:timers/promises";
import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { Stray } from "@/lib/domain/stray";
import type { StopClock } from "../ending/asking";
import { endMembers, type MembersEnd } from "../ending/end-members";
import { findMembers, type Tree } from "../processes/members";
import { isAlive } from "../processes/processes";
import { signalProcess } from "../processes/signal";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import type { SupervisorPorts } from "../watch/ports";

const LAUNCHER_ALLOWANCE_MS = 5_000;
const LOOK_EVERY_MS = 20;

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
  return (await releaseLauncher(ports, tree, abort)) ? end : "abandoned";
}

async function releaseLauncher(
  { processes }: SupervisorPorts,
  { launcher }: Tree,
  abort: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + LAUNCHER_ALLOWANCE_MS;
  while (launcher !== null && isAlive(processes, launcher)) {
    if (abort.aborted) return false;
    signalProcess(processes, launcher, performance.now() > deadline ? "SIGKILL" : "SIGCONT");
    await wait(LOOK_EVERY_MS);
  }
  return true;
}
