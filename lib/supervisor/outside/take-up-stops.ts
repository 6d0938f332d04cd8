import type { OutsideStop } from "@/lib/domain/outside-stop";
import type { JobPidFile } from "@/lib/domain/pid-file";
import type { Duty } from "../watch/duty";
import { insist } from "../watch/insist";
import { findStrays } from "./find-strays";
import type { ForeignWatch } from "./foreign-watch";
import type { StrayWatch } from "./stray-watch";

/**
 * Goes on with stops of processes outside that an earlier dashboard did not bring to an end. Every one of them is either carried
 * out, by the identity it was asked for, or closed with the reason.
 */
export async function takeUpStops(duty: Duty, foreign: ForeignWatch, strays: StrayWatch): Promise<void> {
  const { ports, list } = duty;
  const stops = await insist(duty, () => ports.records.listStops());
  if (stops === null || stops.length === 0) return;
  const found = stops.some(({ target }) => target.kind === "stray")
    ? await findStrays(ports, list, true)
    : [];
  for (const stop of stops) {
    const { target } = stop;
    if (duty.abort.aborted) return;
    ports.log.info({ stop: stop.id, pid: stop.identity.pid, kind: target.kind }, "outside.taken_up");
    if (stop.hostInstance !== ports.hostInstance) {
      await close(duty, stop, "gone", "The host or container was restarted; nothing of it is left.");
    } else if (target.kind === "foreign") foreign.endForeign(stop, fileOf(target));
    else {
      const stray = found.find(({ marker }) => marker === target.marker);
      if (stray !== undefined) strays.endStray(stray, stop);
      else if (isOwned(duty, target.marker))
        await close(
          duty,
          stop,
          "refused",
          "A run owns these processes by now. Nothing was signalled: stop that run.",
        );
      else await close(duty, stop, stop.signalled === null ? "gone" : "ended", null);
    }
  }
}

function fileOf({ pidFile, runAs = null }: Extract<OutsideStop["target"], { kind: "foreign" }>): JobPidFile {
  return { path: pidFile, runAs };
}

function isOwned({ list }: Duty, marker: string): boolean {
  return [...list.values()].some(({ tree }) => tree.marker === marker);
}

async function close(
  duty: Duty,
  stop: OutsideStop,
  outcome: "gone" | "ended" | "refused",
  why: string | null,
): Promise<void> {
  await insist(duty, () => duty.ports.records.closeStop(stop, outcome, why));
}
