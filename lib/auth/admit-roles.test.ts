import { describe, expect, test } from "vitest";
import { aDoor, RUN, withRole } from "@/test/a-door";

describe("by role and grant", () => {
  const viewer = withRole("viewer");
  const operator = withRole("operator");
  const admin = withRole("admin");
  const ofShop = withRole(null, { role: "operator", on: "job:shop" });
  const ofEu = withRole(null, { role: "viewer", on: "tag:eu" });
  const nothing = withRole(null);
  const all = { viewer, operator, admin, ofShop, ofEu, nothing };

  test.each<[string, string, readonly (keyof typeof all)[]]>([
    ["GET", "/api/v1/account", ["viewer", "operator", "admin", "ofShop", "ofEu", "nothing"]],
    ["GET", "/api/v1/nothing", ["viewer", "operator", "admin", "ofShop", "ofEu", "nothing"]],
    ["GET", "/api/v1/status", ["viewer", "operator", "admin", "ofShop", "ofEu"]],
    ["GET", "/api/v1/jobs/shop", ["viewer", "operator", "admin", "ofShop", "ofEu"]],
    ["GET", "/api/v1/jobs/news", ["viewer", "operator", "admin"]],
    ["GET", "/api/v1/jobs/none", ["viewer", "operator", "admin"]],
    ["GET", "/api/v1/jobs/%2e%2e", ["admin"]],
    ["GET", "/api/v1/jobs/runs", ["viewer", "operator", "admin"]],
    ["HEAD", "/api/v1/jobs/shop", ["viewer", "operator", "admin", "ofShop", "ofEu"]],
    ["POST", "/api/v1/jobs/shop/start", ["operator", "admin", "ofShop"]],
    ["POST", "/api/v1/jobs/news/start", ["operator", "admin"]],
    ["PATCH", "/api/v1/jobs/shop", ["admin"]],
    ["GET", `/api/v1/runs/${RUN}`, ["viewer", "operator", "admin", "ofShop", "ofEu"]],
    ["GET", "/api/v1/runs/run_00000000000000000009", ["viewer", "operator", "admin"]],
    ["GET", "/api/v1/runs/nightly", ["viewer", "operator", "admin"]],
    ["GET", "/api/v1/limits", ["viewer", "operator", "admin"]],
    ["POST", "/api/v1/stop-all", ["operator", "admin"]],
    ["GET", "/api/v1/users", ["admin"]],
    ["GET", "/api/v1/x/../users", ["admin"]],
    ["GET", "/api/v1/x/%2e%2e/users", ["admin"]],
  ])("%s %s is for %j", async (method, url, allowed) => {
    for (const [name, session] of Object.entries(all)) {
      const { ask, refused } = aDoor({ session });
      const isAllowed = (allowed as readonly string[]).includes(name);
      expect(await ask(method, url), name).toBe(isAllowed ? "anna" : "NOT_ALLOWED");
      expect(refused, name).toHaveLength(isAllowed ? 0 : 1);
    }
  });

  test.each<[string, readonly (keyof typeof all)[]]>([
    ["/", ["viewer", "operator", "admin", "ofShop", "ofEu"]],
    ["/jobs/shop", ["viewer", "operator", "admin", "ofShop", "ofEu"]],
    ["/jobs/news?tab=runs", ["viewer", "operator", "admin"]],
    ["/jobs/shop/edit", ["admin"]],
    ["/users", ["admin"]],
    ["/%75sers", ["admin"]],
    ["/_next/static/../../users", ["admin"]],
    ["/not-allowed?page=%2Fusers", ["viewer", "operator", "admin", "ofShop", "ofEu", "nothing"]],
  ])("the page %s is for %j, and others are told so", async (url, allowed) => {
    const elsewhere = `to /not-allowed?page=${encodeURIComponent(url.split("?", 1)[0] ?? "")}`;
    for (const [name, session] of Object.entries(all)) {
      const { ask } = aDoor({ session });
      const isAllowed = (allowed as readonly string[]).includes(name);
      expect(await ask("GET", url), name).toBe(isAllowed ? "anna" : elsewhere);
    }
  });

  test("a page that is sent a form asks for the same as the page itself", async () => {
    expect(await aDoor({ session: viewer }).ask("POST", "/users")).toBe("to /not-allowed?page=%2Fusers");
  });

  test("a job is looked up only for who has grants, and only under an id that there can be", async () => {
    const byRole = aDoor({ session: viewer });
    await byRole.ask("GET", "/api/v1/jobs/shop");
    await byRole.ask("POST", "/api/v1/jobs/shop/start");
    expect(byRole.looked).toEqual([]);
    const byGrant = aDoor({ session: ofShop });
    for (const id of ["SHOP", "a%2Fb", "%zz", "instance.lock"])
      await byGrant.ask("GET", `/api/v1/jobs/${id}`);
    expect(byGrant.looked).toEqual([]);
    await byGrant.ask("GET", "/api/v1/jobs/news");
    expect(byGrant.looked).toEqual(["news"]);
  });
});
