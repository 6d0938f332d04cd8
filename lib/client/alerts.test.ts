import { expect, it } from "vitest";
import type { AlertView } from "@/lib/contracts/alert";
import { groupAlerts } from "./alerts";

const alert = (id: string, over: Partial<AlertView>): AlertView => ({
  id,
  at: "2026-01-01T00:00:00.000Z",
  kind: "stuck",
  title: "",
  detail: "",
  counts: {},
  acknowledgedAt: null,
  acknowledgedBy: null,
  ...over,
});

it("tells of every job's recovery first, and of what is stuck once", () => {
  const newestFirst = [
    alert("d", {}),
    alert("c", { kind: "recovery", job: "shop" }),
    alert("b", { kind: "recovery", job: "news" }),
    alert("a", {}),
    alert("0", { kind: "recovery", job: "shop" }),
  ];
  const ids = groupAlerts(newestFirst).map((group) => group.map(({ id }) => id));
  expect(ids).toEqual([["c", "0"], ["b"], ["d", "a"]]);
});
