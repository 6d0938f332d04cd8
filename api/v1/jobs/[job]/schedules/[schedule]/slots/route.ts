import { ListSlotsQuery, ScheduleParams } from "@/lib/contracts/schedule";
import { okPage } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readSlots } from "@/lib/reads/schedules";

export const answer = routes({
  GET: route({ params: ScheduleParams, query: ListSlotsQuery }, async ({ ctx, params, query }) =>
    okPage(await readSlots(params.schedule, params.job, query, ctx)),
  ),
});
