import { AppError } from "@/lib/domain/errors";
import type { AlertItem } from "./list-alerts";

type Audit = { actor: string; action: string; details: { alert: string } };
type Needs = {
  now(): number;
  readonly actor: string;
  acknowledgeAlert(id: string, audit: Audit, now: number): Promise<AlertItem | null>;
};

/** Somebody has seen it. Again is no failure: the first one stays. @throws AppError ALERT_NOT_FOUND */
export async function acknowledgeAlert(ctx: Needs, id: string): Promise<AlertItem> {
  const audit = { actor: ctx.actor, action: "alert.acknowledged", details: { alert: id } };
  const alert = await ctx.acknowledgeAlert(id, audit, ctx.now());
  if (alert !== null) return alert;
  throw new AppError("ALERT_NOT_FOUND", `There is no alert ${id}. The list is at /api/v1/alerts.`, {
    alert: id,
  });
}
