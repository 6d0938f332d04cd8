import { expect, test } from "vitest";
import type { JobParameters } from "@/lib/domain/parameters";
import { givableOf, readScheduleParameters, scheduleParameterDraft } from "./schedule-parameters";

const DECLARED: JobParameters = {
  type: "object",
  properties: {
    shop: { type: "string" },
    pages: { type: "integer", default: 3 },
    key: { type: "string", format: "password", writeOnly: true },
  },
  required: ["key"],
};
const givable = givableOf(DECLARED);

test("a password is not asked for, not even one that is required", () => {
  expect(Object.keys(givable.parameters.properties)).toEqual(["shop", "pages"]);
  expect(givable.parameters.required).toEqual([]);
  expect(givable.secrets).toEqual(["key"]);
});

test("nothing is given where nothing was touched", () => {
  const draft = scheduleParameterDraft(givable, null);
  expect(draft).toEqual({ shop: "", pages: "3" });
  expect(readScheduleParameters(givable, draft, null)).toEqual({ ok: true, values: null });
  const said = readScheduleParameters(givable, { ...draft, shop: "north" }, null);
  expect(said).toEqual({ ok: true, values: { shop: "north", pages: 3 } });
});

test("what was given before is filled in, and given again", () => {
  const before = { parameters: { shop: "north" } };
  const draft = scheduleParameterDraft(givable, before);
  expect(draft.shop).toBe("north");
  expect(readScheduleParameters(givable, draft, before)).toMatchObject({
    ok: true,
    values: { shop: "north" },
  });
});

test("what does not fit is said at its name, and of what is not declared any more nothing is given", () => {
  expect(readScheduleParameters(givable, { shop: "", pages: "many" }, null)).toMatchObject({
    ok: false,
    issues: [{ path: "pages" }],
  });
  const none = givableOf(null);
  expect(readScheduleParameters(none, {}, { parameters: { shop: "north" } })).toEqual({
    ok: true,
    values: null,
  });
});
