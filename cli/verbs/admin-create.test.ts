import { expect, test } from "vitest";
import { accessOf } from "./admin-create.mjs";

const GRANT = { role: "operator", on: "tag:shop" };

test("a user is an admin unless something else is said, and one for some jobs is nothing beyond them", () => {
  expect(accessOf({ grant: [] })).toEqual({ role: "admin", grants: [] });
  expect(accessOf({ role: "viewer", grant: [] })).toEqual({ role: "viewer", grants: [] });
  expect(accessOf({ grant: [GRANT] })).toEqual({ role: null, grants: [GRANT] });
  expect(accessOf({ role: "viewer", grant: [GRANT] })).toEqual({ role: "viewer", grants: [GRANT] });
});
