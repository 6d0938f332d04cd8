import { isAboutRoom } from "@/lib/domain/disk";
import type { Run } from "@/lib/domain/run";
import type { Duty } from "../watch/duty";

/** Whether a queued run has to wait because the disk is full; why is written down once. */
export async function waitsForRoom(duty: Duty, run: Run): Promise<boolean> {
  const obstacle = await duty.ports.diskObstacle();
  if (obstacle === null) return false;
  // The figures change with every look; on a full disk of all places they are not written down each time.
  if (!isAboutRoom(run.waitingFor)) await duty.ports.records.noteWaiting(run.id, obstacle);
  return true;
}
