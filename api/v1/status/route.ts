import { okPage } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readStatus } from "@/lib/reads/jobs";

export const answer = routes({
  GET: route({}, async ({ ctx }) => okPage(await readStatus(ctx))),
});
