import { PatchScheduleBody, ScheduleParams } from "@/lib/contracts/schedule";
import { noContent, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toScheduleInput, toScheduleView } from "@/lib/http/schedule-views";
import { deleteSchedule } from "@/lib/services/schedules/delete-schedule";
import { getSchedule } from "@/lib/services/schedules/get-schedule";
import { updateSchedule } from "@/lib/services/schedules/save-schedule";

export const answer = routes({
  GET: route({ params: ScheduleParams }, async ({ ctx, params }) =>
    ok(toScheduleView(await getSchedule(ctx, params.schedule, params.job))),
  ),
  PATCH: route({ params: ScheduleParams, body: PatchScheduleBody }, async ({ ctx, params, body }) => {
    await getSchedule(ctx, params.schedule, params.job);
    const { version, ...fields } = body;
    return ok(
      toScheduleView(await updateSchedule(ctx, params.schedule, { ...toScheduleInput(fields), version })),
    );
  }),
  DELETE: route({ params: ScheduleParams }, async ({ ctx, params }) => {
    await getSchedule(ctx, params.schedule, params.job);
    await deleteSchedule(ctx, params.schedule);
    return noContent();
  }),
});
