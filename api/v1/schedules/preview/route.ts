import { PreviewBody } from "@/lib/contracts/schedule";
import { scheduleWords } from "@/lib/domain/schedule-words";
import { ok } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toDueTimeView, toTiming } from "@/lib/http/schedule-views";
import { previewTimes } from "@/lib/services/schedules/preview";

const USUAL_COUNT = 10;

export const answer = routes({
  POST: route({ body: PreviewBody, whileUnconfirmed: true }, async ({ ctx, body }) => {
    const times = previewTimes(ctx, toTiming(body), body.count ?? USUAL_COUNT);
    const words = scheduleWords(body.when);
    return ok({ timezone: body.timezone, words, times: times.map(toDueTimeView) });
  }),
});
