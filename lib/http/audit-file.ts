import type { AuditView, EXPORT_FORMATS } from "@/lib/contracts/audit";
import type { AuditRow } from "@/lib/domain/ports/accounts";
import { toAuditView } from "./account-views";

type Format = (typeof EXPORT_FORMATS)[number];

const COLUMNS = [
  ...(["id", "at", "actor", "action", "outcome", "job", "run", "reason"] as const),
  ...(["via", "viaId", "address", "details"] as const),
] satisfies readonly (keyof AuditView)[];

const TYPES: Record<Format, string> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
};

/** The rows as they are read, so that a million of them never lie in memory. */
export function auditFile(format: Format, rows: AsyncGenerator<AuditRow>, now: Date): Response {
  const line = format === "csv" ? csvLine : (view: AuditView) => `${JSON.stringify(view)}\n`;
  const encoder = new TextEncoder();
  let begun = format === "jsonl";
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!begun) {
        begun = true;
        controller.enqueue(encoder.encode(`${COLUMNS.join(",")}\r\n`));
        return;
      }
      const { done, value } = await rows.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(line(toAuditView(value))));
    },
    cancel: async () => void (await rows.return(undefined)),
  });
  const name = `unstuck-audit-${now.toISOString().slice(0, 10)}.${format}`;
  return new Response(body, {
    headers: {
      "content-type": TYPES[format],
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

function csvLine(view: AuditView): string {
  return `${COLUMNS.map((column) => csvCell(view[column])).join(",")}\r\n`;
}

/**
 * RFC 4180, and harmless where it is opened: a table program takes a cell that begins with = + - or @ for a formula, also behind a blank or an
 * invisible character and in full width, and an apostrophe in front says that it is text (OWASP, CSV Injection).
 */
export function csvCell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ""
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const harmless =
    /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
