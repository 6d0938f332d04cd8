import { StuckQuery } from "@/lib/contracts/stuck";
import { okList } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { toItemView, toStuckAnswer } from "@/lib/http/stuck-views";
import { listStuck } from "@/lib/services/stuck/list-stuck";

const HOUR_MS = 3_600_000;

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: route({ query: StuckQuery }, async ({ ctx, query: { ageHours = null, job, tag, limit, cursor } }) => {
    const ageMs = ageHours === null ? null : ageHours * HOUR_MS;
    const asked = { ageMs, job: job ?? null, tag: tag ?? null, limit, cursor: cursor ?? null };
    const stuck = await listStuck(ctx, asked);
    const rest = toStuckAnswer({ ...stuck, items: [] }, ageHours);
    return okList(rest, stuck.items, (item) => toItemView(item, stuck.at));
  }),
});
