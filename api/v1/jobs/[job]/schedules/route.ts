import { JobParams } from "@/lib/contracts/job";
import { CreateScheduleBody } from "@/lib/contracts/schedule";
import { created, ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toNewSchedule, toScheduleView } from "@/lib/http/schedule-views";
import { readSchedulesOf } from "@/lib/reads/schedules";
import { createSchedule } from "@/lib/services/schedules/save-schedule";

export const answer = routes({
  GET: route({ params: JobParams }, async ({ ctx, params }) => ok(await readSchedulesOf(params.job, ctx))),
  POST: route({ params: JobParams, body: CreateScheduleBody }, async ({ ctx, params, body }) =>
    created(toScheduleView(await createSchedule(ctx, params.job, toNewSchedule(body)))),
  ),
});
