import type { z } from "zod";
import type { AlertPage, ListAlertsQuery } from "@/lib/contracts/alert";
import type { StraysAnswer } from "@/lib/contracts/stray";
import type { StuckAnswer, StuckQuery } from "@/lib/contracts/stuck";
import { HOUR_MS } from "@/lib/domain/hours";
import { toStraysView } from "@/lib/http/stray-views";
import { toAlertView, toItemView, toStuckAnswer } from "@/lib/http/stuck-views";
import { requestContext } from "@/lib/runtime";
import { listAlerts } from "@/lib/services/alerts/list-alerts";
import { listStrays } from "@/lib/services/strays/list-strays";
import { listStuck } from "@/lib/services/stuck/list-stuck";
import { inSlices } from "@/lib/turns";
import { asMayBeSeen, hiddenLogs } from "./hidden-logs";

/** The views are made a few at a time: a long list would keep everything else waiting. */
export async function readStuck(
  { ageHours, job, tag, limit, cursor }: z.output<typeof StuckQuery>,
  ctx = requestContext(),
): Promise<StuckAnswer> {
  const ageMs = ageHours === undefined ? null : ageHours * HOUR_MS;
  const asked = { ageMs, job: job ?? null, tag: tag ?? null, limit, cursor: cursor ?? null };
  const stuck = await listStuck(ctx, asked);
  const hidden = await hiddenLogs(ctx);
  const items = await inSlices(stuck.items, (item) =>
    toItemView({ ...item, seen: asMayBeSeen(item.seen, hidden) }, stuck.at),
  );
  return { ...toStuckAnswer({ ...stuck, items: [] }, ageHours ?? null), items };
}

export async function readAlerts(
  query: z.output<typeof ListAlertsQuery>,
  ctx = requestContext(),
): Promise<z.infer<typeof AlertPage>> {
  const page = await listAlerts(ctx, query);
  return { ...page, items: page.items.map(toAlertView) };
}

export async function readStrays(ctx = requestContext()): Promise<StraysAnswer> {
  return toStraysView(await listStrays(ctx), ctx.now());
}
