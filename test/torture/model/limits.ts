import { readFileSync } from "node:fs";
import type { Rows } from "./database";
import type { Invariants } from "./invariants";
import type { Subject } from "./subjects";
import { demand } from "./violation";

const ALLOWANCE_S = 0.1;
const LIMIT_OF: Readonly<Record<string, string>> = { max_duration: "maxDurationMs", silence: "silenceMs" };

/**
 * No time limit may end a run before its time, whatever the wall clock said: measured from when its launcher began to the moment
 * its end is first seen here, both in seconds since boot.
 */
export function limitsKept(subjects: readonly Subject[], truths: Invariants): (rows: Rows) => void {
  const seen = new Set<string>();
  return ({ runs }) => {
    const now = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    for (const { id, jobId, cause } of runs.values()) {
      const limit = LIMIT_OF[cause ?? ""];
      if (limit === undefined || seen.has(id)) continue;
      seen.add(id);
      const began = truths.launchedAt(id);
      const allowedS = (subjects.find((subject) => subject.id === jobId)?.timeouts[limit] ?? 0) / 1_000;
      demand(allowedS > 0, () => `${id} (${jobId}) was ended for ${cause}, and its job has no such limit`);
      demand(
        began === undefined || now - began >= allowedS - ALLOWANCE_S,
        () =>
          `${id} (${jobId}) was ended for ${cause} ${now - (began ?? 0)} s after it began; its limit is ${allowedS} s`,
      );
    }
  };
}
