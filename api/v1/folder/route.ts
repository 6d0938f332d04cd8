import { ok } from "@/lib/http/answers";
import { toFolderView } from "@/lib/http/folder-view";
import { route, routes } from "@/lib/http/route";
import { getFolder } from "@/lib/services/folder/get-folder";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(toFolderView(await getFolder(ctx)))),
});
