import { ImportBody, MAX_IMPORT_BYTES } from "@/lib/contracts/import";
import { ok } from "@/lib/http/answers";
import { toGivenRows } from "@/lib/http/import-rows";
import { route, routes } from "@/lib/http/route";
import { importRuns } from "@/lib/services/imports/import-runs";

export const answer = routes({
  POST: route({ body: ImportBody, maxBodyBytes: MAX_IMPORT_BYTES }, async ({ ctx, body }) =>
    ok(await importRuns(ctx, { ...body, rows: toGivenRows(body.rows) })),
  ),
});
