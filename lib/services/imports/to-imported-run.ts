import { type Exit, exitFromReturnCode } from "@/lib/domain/exit";
import { makeRunId } from "@/lib/domain/ids";
import { type ImportedRow, importedTimes, zombieReason } from "@/lib/domain/import";
import { type Job, toRunSpec } from "@/lib/domain/job";
import { newRun } from "@/lib/domain/new-run";
import type { Machine } from "@/lib/domain/ports/host";
import { judgeRecovery } from "@/lib/domain/recovery";
import { isActive, type Run } from "@/lib/domain/run";

type Who = {
  readonly source: string;
  readonly actor: string;
  readonly host: string;
  entropy(length: number): string;
};

/** No process has it, but every run has one of its own. */
const TOKEN_LENGTH = 32;
const UNKNOWN_EXIT: Exit = { code: null, signal: null };

/**
 * The run a row becomes. What was final stays what it was. What claimed to be active is interrupted, and what becomes of its
 * work is still to be decided.
 */
export async function toImportedRun(
  row: ImportedRow,
  job: Job,
  who: Who,
  readState: Machine["readState"],
  now: number,
): Promise<{ readonly run: Run; readonly sentence: string }> {
  const { source } = who;
  const times = importedTimes(row, now);
  const unknown = { args: null, parameters: null };
  const spec = { ...toRunSpec(job, [], false), ...unknown, checkpoint: row.checkpoint ?? job.checkpoint };
  const entropy = who.entropy(10 + TOKEN_LENGTH);
  const id = makeRunId(times.queuedAt, entropy);
  const zombie = isActive(row.state);
  const recovery = zombie
    ? judgeRecovery(await readState({ ...spec, left: null }), row.progress, now, {
        lastLifeAt: row.lastActivityAt,
      })
    : null;
  const said = zombie ? zombieReason(row, source, who.host) : `Imported as ${row.state} from ${source}.`;
  const exit = row.exitCode === null ? UNKNOWN_EXIT : exitFromReturnCode(row.exitCode);
  const run = newRun({
    id,
    jobId: job.id,
    state: zombie ? "interrupted" : row.state,
    cause: "imported",
    reason: [said, foreignCode(row.exitCode, exit), row.error].filter((part) => part !== null).join(" "),
    exitCode: exit.code,
    signal: exit.signal,
    trigger: "import",
    actor: who.actor,
    spec,
    token: entropy.slice(10),
    ...times,
    lastLifeAt: row.lastActivityAt,
    progress: row.progress,
    priority: job.priority,
    unsettled: zombie,
    verdict: recovery?.verdict ?? null,
    verdictAt: recovery === null ? null : now,
    resumeFrom: recovery?.resumeFrom ?? null,
    imported: { source, externalId: row.externalId },
  });
  return { run, sentence: recovery === null ? said : `${said} ${recovery.sentence}` };
}

/** A number that no program here could end with is told in words. */
function foreignCode(given: number | null, { code, signal }: Exit): string | null {
  return given === null || code !== null || signal !== null ? null : `Its exit code was ${given}.`;
}
