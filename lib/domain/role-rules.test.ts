import { expect, test } from "vitest";
import { parseRoleRules, roleOfGroups } from "./role-rules";

const { rules } = parseRoleRules("viewer=*, operator=ops|dev,admin=ops-admins");

test("the highest role that one of the groups has is the one that counts", () => {
  expect(roleOfGroups(rules, ["dev", "ops-admins"])).toBe("admin");
  expect(roleOfGroups(rules, ["dev"])).toBe("operator");
  expect(roleOfGroups(rules, ["sales"])).toBe("viewer");
  expect(roleOfGroups(rules, [])).toBe("viewer");
  expect(rules.map(({ role }) => role)).toEqual(["admin", "operator", "viewer"]);
});

test("who is in none of the groups has no role, and groups are not compared by half", () => {
  const { rules: only } = parseRoleRules("admin=ops");
  for (const groups of [[], ["op"], ["ops-admins"], ["OPS"], ["*"], ["admin"]])
    expect(roleOfGroups(only, groups), String(groups)).toBeNull();
});

test("one role may be said twice", () => {
  const { rules: twice } = parseRoleRules("admin=a,viewer=v,admin=b");
  expect(roleOfGroups(twice, ["b"])).toBe("admin");
});

test("a group may have any character in its name", () => {
  const { rules: odd, problems } = parseRoleRules(
    "admin=cn=ops%2Cdc=example|a%7Cb,operator=100%25,viewer=/team/ops",
  );
  expect(problems).toEqual([]);
  expect(roleOfGroups(odd, ["cn=ops,dc=example"])).toBe("admin");
  expect(roleOfGroups(odd, ["a|b"])).toBe("admin");
  expect(roleOfGroups(odd, ["100%"])).toBe("operator");
  expect(roleOfGroups(odd, ["/team/ops"])).toBe("viewer");
});

test("every problem is reported, and what is wrong gives no one a role", () => {
  const { rules: kept, problems } = parseRoleRules("owner=ops,admin=,viewer,operator=dev");
  expect(problems).toEqual([
    'expected viewer, operator, admin before each =, found "owner=ops"',
    "expected groups after admin=, or * for everyone",
    "expected groups after viewer=, or * for everyone",
  ]);
  expect(kept).toEqual([{ role: "operator", groups: ["dev"] }]);
});
