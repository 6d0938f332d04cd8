import type { StalePidFileView, StrayView } from "@/lib/contracts/stray";
import { strayId } from "@/lib/domain/stray";
import type { SeenStray, Strays } from "@/lib/services/strays/list-strays";

export function toStrayView({ stray, verdict }: SeenStray): StrayView {
  return {
    id: strayId(stray),
    pid: stray.identity.pid,
    command: stray.command,
    startedAt: new Date(stray.startedAt).toISOString(),
    job: stray.jobId,
    run: stray.runId,
    runState: stray.run?.state ?? null,
    processes: stray.members.length,
    sentence: verdict.sentence,
    can: [...verdict.can],
    stopping: stray.ending,
  };
}

export function toStraysView({ strays, pidFiles }: Strays, now: number) {
  return {
    at: new Date(now).toISOString(),
    items: strays.map(toStrayView),
    pidFiles: pidFiles.map((file): StalePidFileView => ({ ...file })),
  };
}
