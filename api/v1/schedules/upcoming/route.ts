import { UpcomingQuery } from "@/lib/contracts/schedule";
import { okPage } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readUpcoming } from "@/lib/reads/schedules";

export const answer = routes({
  GET: route({ query: UpcomingQuery }, async ({ ctx, query }) =>
    okPage(await readUpcoming(query.hours, ctx)),
  ),
});
