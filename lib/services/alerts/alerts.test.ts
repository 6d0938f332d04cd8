import { expect, test } from "vitest";
import type { StoredAlert } from "@/lib/domain/ports/stuck";
import { aContext, expectRefusal } from "@/test/a-context";
import { T0 } from "@/test/factories";
import { acknowledgeAlert } from "./acknowledge-alert";
import { listAlerts } from "./list-alerts";

const anAlert = (id: string, changes: Partial<StoredAlert> = {}): StoredAlert => ({
  id,
  at: T0,
  kind: "stuck",
  title: "3 runs are stuck",
  detail: "…",
  job: null,
  counts: { dead: 3 },
  runs: [],
  acknowledgedAt: null,
  acknowledgedBy: null,
  ...changes,
});

const seen = { acknowledgedAt: T0 + 1, acknowledgedBy: "anna" };
const given = (...alerts: StoredAlert[]) =>
  aContext({ tables: { alerts: new Map(alerts.map((alert) => [alert.id, alert])) }, at: T0 + 9 });

test("an acknowledged alert says who saw it and when, and so does the audit", async () => {
  const other = anAlert("alert_2");
  const ctx = given(anAlert("alert_1"), other);
  const alert = await acknowledgeAlert(ctx, "alert_1");
  expect(alert).toEqual(anAlert("alert_1", { acknowledgedAt: T0 + 9, acknowledgedBy: "operator" }));
  expect([...ctx.saved.alerts.values()]).toEqual([alert, other]);
  expect(ctx.saved.audits).toEqual([
    { at: T0 + 9, actor: "operator", action: "alert.acknowledged", details: { alert: "alert_1" } },
  ]);
});

test("acknowledging it again is no failure: the first who did stays the one", async () => {
  const ctx = given(anAlert("alert_1", seen));
  expect(await acknowledgeAlert(ctx, "alert_1")).toEqual(anAlert("alert_1", seen));
  expect(ctx.saved.audits).toEqual([]);
});

test("an alert that does not exist cannot be acknowledged", async () => {
  const ctx = given(anAlert("alert_1"));
  const error = await expectRefusal(ctx, "ALERT_NOT_FOUND", () => acknowledgeAlert(ctx, "alert_9"));
  expect(error.details).toEqual({ alert: "alert_9" });
});

test("alerts are listed newest first, page by page, each on one page", async () => {
  const ctx = given(anAlert("alert_1"), anAlert("alert_3"), anAlert("alert_2"));
  const first = await listAlerts(ctx, { limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual(["alert_3", "alert_2"]);
  const second = await listAlerts(ctx, { limit: 2, cursor: first.nextCursor ?? expect.fail() });
  expect(second).toMatchObject({ items: [{ id: "alert_1" }], nextCursor: null });
  expect((await listAlerts(ctx, { limit: 3 })).nextCursor).toBeNull();
});

test("open alerts alone are listed when those are asked for", async () => {
  const ctx = given(anAlert("alert_1"), anAlert("alert_2", seen));
  expect((await listAlerts(ctx, { limit: 9, open: "1" })).items.map(({ id }) => id)).toEqual(["alert_1"]);
  expect((await listAlerts(ctx, { limit: 9 })).items).toHaveLength(2);
});
