import { ImportRow, MAX_ERROR_LENGTH } from "@/lib/contracts/import";
import { cutMiddle } from "@/lib/domain/cut-text";
import type { Progress } from "@/lib/domain/run";
import type { GivenRow } from "@/lib/services/imports/import-runs";

type Parsed = ReturnType<(typeof ImportRow)["parse"]>;

/** Row by row, so that a bad one does not hide the others. */
export function toGivenRows(rows: readonly unknown[]): GivenRow[] {
  return rows.map((given, row) => {
    const result = ImportRow.safeParse(given);
    if (result.success) return { row, value: toImportedRow(result.data) };
    const problem = result.error.issues
      .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
      .join("; ");
    return { row, problem };
  });
}

function toImportedRow(row: Parsed) {
  return {
    job: row.job,
    externalId: row.externalId,
    otherId: row.otherId ?? null,
    state: row.state,
    startedAt: toMs(row.startedAt),
    startIsEarliest: row.startIsEarliest === true,
    endedAt: toMs(row.endedAt),
    lastActivityAt: toMs(row.lastActivityAt),
    pid: row.pid ?? null,
    host: textOrNull(row.host),
    hostIsUnsure: row.hostIsUnsure === true,
    progress: toProgress(row),
    checkpoint: textOrNull(row.checkpoint),
    exitCode: row.exitCode ?? null,
    error: errorOf(row.error),
    jobTitle: textOrNull(row.jobTitle?.trim()),
  };
}

function toProgress({ extracted, skipped, total }: Parsed): Progress | null {
  if (extracted == null && skipped == null && total == null) return null;
  return { extracted: extracted ?? null, skipped: skipped ?? null, total: total ?? null, message: null };
}

function toMs(instant: string | null | undefined): number | null {
  return instant == null ? null : Date.parse(instant);
}

function errorOf(text: string | null | undefined): string | null {
  const error = textOrNull(text);
  return error === null ? null : cutMiddle(error, MAX_ERROR_LENGTH);
}

/** An empty cell of a table says nothing. */
function textOrNull(text: string | null | undefined): string | null {
  return text == null || text === "" ? null : text;
}
