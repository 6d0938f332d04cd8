import { AppError } from "@/lib/domain/errors";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { Alerts, StoredAlert } from "@/lib/domain/ports/stuck";

type Needs = Pick<Alerts, "acknowledgeAlert"> & Pick<Here, "now"> & Actor;

/**
 * Records that a person has seen it. A repeat is no failure: the first one stays.
 * @throws AppError ALERT_NOT_FOUND
 */
export async function acknowledgeAlert(ctx: Needs, id: string): Promise<StoredAlert> {
  const audit = { actor: ctx.actor, action: "alert.acknowledged", details: { alert: id } };
  const alert = await ctx.acknowledgeAlert(id, audit, ctx.now());
  if (alert !== null) return alert;
  throw new AppError("ALERT_NOT_FOUND", `There is no alert ${id}. The list is at /api/v1/alerts.`, {
    alert: id,
  });
}
