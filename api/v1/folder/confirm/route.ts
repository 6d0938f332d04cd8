import { ConfirmFolderBody } from "@/lib/contracts/folder";
import { ok } from "@/lib/http/answers";
import { toFolderView } from "@/lib/http/folder-view";
import { route, routes } from "@/lib/http/route";
import { confirmFolder } from "@/lib/services/folder/confirm-folder";

export const answer = routes({
  POST: route({ body: ConfirmFolderBody, whileUnconfirmed: true }, async ({ ctx, body }) =>
    ok(toFolderView(await confirmFolder(ctx, body))),
  ),
});
