import { expect, test } from "vitest";
import { groupsIn, hasName, namesIn } from "./claims";

test("groups are read from a claim, from one with dots in its name, and from one inside another", () => {
  expect(groupsIn({ groups: ["ops", "dev"] }, "groups")).toEqual(["ops", "dev"]);
  expect(groupsIn({ "https://example.org/groups": ["ops"] }, "https://example.org/groups")).toEqual(["ops"]);
  expect(groupsIn({ realm_access: { roles: ["ops"] } }, "realm_access.roles")).toEqual(["ops"]);
  expect(groupsIn({ role: "ops" }, "role")).toEqual(["ops"]);
  expect(groupsIn({ groups: [] }, "groups")).toEqual([]);
});

test("only text is a group", () => {
  expect(groupsIn({ groups: ["ops", 7, null, { name: "admin" }, ["admin"]] }, "groups")).toEqual(["ops"]);
});

test("where the claim is not, it is not taken for an empty one", () => {
  for (const claims of [
    {},
    { groups: null },
    { groups: true },
    { groups: { ops: true } },
    { realm_access: ["ops"] },
  ])
    expect(groupsIn(claims, "groups"), JSON.stringify(claims)).toBeNull();
  expect(groupsIn({ realm_access: ["roles"] }, "realm_access.roles")).toBeNull();
  expect(groupsIn({}, "constructor.name")).toBeNull();
  expect(groupsIn({}, "__proto__")).toBeNull();
});

test("names are those for people first, and what the ID token says goes before userinfo", () => {
  const token = { sub: "248289761001", email: "ada@example.org" };
  expect(namesIn(token, {})).toEqual(["ada@example.org", "248289761001"]);
  expect(namesIn(token, { preferred_username: "ada", email: "other@example.org" })).toEqual([
    "ada",
    "ada@example.org",
    "248289761001",
  ]);
  expect(namesIn({ sub: "1", preferred_username: "", email: 7 }, {})).toEqual(["1"]);
  expect([hasName(token), hasName({ sub: "1" })]).toEqual([true, false]);
});
