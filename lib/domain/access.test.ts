import { describe, expect, test } from "vitest";
import { jobId } from "@/test/factories";
import {
  type Access,
  accessInWords,
  atLeast,
  can,
  type Grant,
  hasAny,
  isPartial,
  ROLES,
  roleFor,
} from "./access";

const grant = (role: Grant["role"], on: Grant["on"]): Grant => ({ role, on });
const of = (role: Access["role"], ...grants: Grant[]): Access => ({ role, grants });
const shop = { id: jobId("shop"), tags: ["eu", "news.daily"] };

test("a role has what the ones before it have, and no role has nothing", () => {
  const table = [null, ...ROLES].map((role) => ROLES.map((needed) => atLeast(role, needed)));
  expect(table).toEqual([
    [false, false, false],
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
});

describe("the role for a job", () => {
  test.each<[string, Access, Access["role"]]>([
    ["is that for everything", of("operator"), "operator"],
    ["is none without role and grant", of(null), null],
    ["is the grant's by the job's id", of(null, grant("operator", "job:shop")), "operator"],
    ["is the grant's by one of its tags", of(null, grant("viewer", "tag:news.daily")), "viewer"],
    [
      "is the highest of several",
      of(null, grant("operator", "tag:eu"), grant("viewer", "job:shop")),
      "operator",
    ],
    ["is raised by a grant", of("viewer", grant("operator", "job:shop")), "operator"],
    ["is not lowered by one", of("admin", grant("viewer", "job:shop")), "admin"],
    ["is none by a grant for another job", of(null, grant("operator", "job:shop2")), null],
    ["is none by a longer or shorter name", of(null, grant("operator", "job:sho")), null],
    ["is none by a tag with the name of the job", of(null, grant("operator", "tag:shop")), null],
    ["is none by a job with the name of a tag", of(null, grant("operator", "job:eu")), null],
    ["is none by another case", of(null, grant("operator", "tag:EU")), null],
  ])("%s", (_, access, expected) => {
    expect(roleFor(access, shop)).toBe(expected);
  });

  test("is that for everything where more than one job is concerned, whatever the grants say", () => {
    expect(roleFor(of("viewer", grant("operator", "job:shop")), null)).toBe("viewer");
    expect(roleFor(of(null, grant("operator", "tag:eu")), null)).toBeNull();
  });

  test("decides what may be done", () => {
    const access = of("viewer", grant("operator", "tag:eu"));
    expect(can(access, "operator", shop)).toBe(true);
    expect(can(access, "admin", shop)).toBe(false);
    expect(can(access, "operator", null)).toBe(false);
    expect(can(access, "operator", { id: jobId("other"), tags: [] })).toBe(false);
  });
});

test("who has a role or a grant reaches something; who has grants alone does not reach everything", () => {
  const some = grant("viewer", "job:shop");
  expect([of(null), of(null, some), of("viewer")].map(hasAny)).toEqual([false, true, true]);
  expect([of(null), of(null, some), of("viewer", some)].map(isPartial)).toEqual([true, true, false]);
});

test("it is said in words", () => {
  expect(accessInWords(of(null))).toBe("nothing");
  expect(accessInWords(of("viewer"))).toBe("viewer");
  expect(accessInWords(of("viewer", grant("operator", "tag:eu"), grant("operator", "job:shop")))).toBe(
    "viewer, operator for tag:eu, operator for job:shop",
  );
});
