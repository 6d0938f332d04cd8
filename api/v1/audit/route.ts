import { AuditQuery } from "@/lib/contracts/audit";
import { okPage } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readAudit } from "@/lib/reads/accounts";

export const answer = routes({
  GET: route({ query: AuditQuery }, async ({ ctx, query }) => okPage(await readAudit(query, ctx))),
});
