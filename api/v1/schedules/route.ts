import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readSchedules } from "@/lib/reads/schedules";

export const answer = routes({
  GET: route({}, async ({ ctx }) => ok(await readSchedules(ctx))),
});
