import { RemovePidFilesBody } from "@/lib/contracts/stray";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { removePidFiles } from "@/lib/services/strays/remove-pid-files";

export const answer = routes({
  POST: route({ body: RemovePidFilesBody }, async ({ ctx, body }) => ok(await removePidFiles(ctx, body))),
});
