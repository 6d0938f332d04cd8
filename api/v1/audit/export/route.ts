import { AuditExportQuery } from "@/lib/contracts/audit";
import { auditFile } from "@/lib/http/audit-file";
import { route, routes } from "@/lib/http/route";
import { toAuditFilter } from "@/lib/reads/accounts";
import { everyAuditRow } from "@/lib/services/audit/list-audit";

export const answer = routes({
  GET: route({ query: AuditExportQuery }, async ({ ctx, query }) =>
    auditFile(query.format, everyAuditRow(ctx, toAuditFilter(query)), new Date(ctx.now())),
  ),
});
