import type { RunId } from "@/lib/domain/ids";
import type { ProgressReport } from "@/lib/domain/progress";
import { sameToken } from "../files/same-token";
import type { Duty } from "../watch/duty";
import { lifeOf } from "./life";
import { reported, spoke } from "./signs";

/** What a run says of itself over HTTP. */
export type RunReport = {
  readonly runId: RunId;
  readonly token: string;
  /** Asked only once the token is known to be the run's own; null: only that it lives. May throw. */
  readonly read: () => ProgressReport | null;
};

/** `unknown`: no such run is watched here. */
export type Taken = "taken" | "wrong_token" | "unknown";

export function takeReport(duty: Duty, { runId, token, read }: RunReport): Taken {
  const watched = duty.list.get(runId);
  if (watched === undefined) return "unknown";
  if (!sameToken(watched.run.token, token)) return "wrong_token";
  const report = read();
  if (report !== null) reported(watched, report);
  spoke(watched, report === null ? "heartbeat" : "progress", duty.ports.now());
  lifeOf(watched).urgent = true;
  duty.life.soon();
  return "taken";
}
