import { describe, expect, test } from "vitest";
import { aDoor, COOKIE, withRole } from "@/test/a-door";

describe("a refusal", () => {
  test("is recorded with what was asked for and what it needs", async () => {
    const { ask, refused } = aDoor({ session: withRole("viewer") });
    await ask("POST", "/api/v1/jobs/shop/start?x=secret");
    expect(refused).toEqual([
      [
        "anna",
        {
          action: "access.refused",
          refused: true,
          details: { method: "POST", path: "/api/v1/jobs/shop/start", needed: "operator job" },
        },
      ],
    ]);
    await ask("GET", `/api/v1/x/../${"y".repeat(500)}`);
    expect(String(refused[1]?.[1].details?.path)).toHaveLength(200);
  });

  test("of a page is recorded too, unless the browser fetched it ahead", async () => {
    const { ask, refused } = aDoor({ session: withRole("viewer") });
    await ask("GET", "/users", { ...COOKIE, "next-router-prefetch": "1" });
    expect(refused).toEqual([]);
    expect(await ask("GET", "/users")).toBe("to /not-allowed?page=%2Fusers");
    expect(refused).toMatchObject([
      ["anna", { details: { method: "GET", path: "/users", needed: "admin" } }],
    ]);
  });

  test("says what is missing", async () => {
    const session = withRole(null, { role: "viewer", on: "job:shop" });
    const { admit } = aDoor({ session });
    const headers = COOKIE;
    const answer = await admit({
      method: "POST",
      url: "/api/v1/jobs/shop/stop",
      headers,
      peer: "::1",
      byOwner: false,
    });
    if (!("refusal" in answer)) return expect.fail("It was let in.");
    expect(answer.refusal.status).toBe(403);
    expect(await answer.refusal.json()).toMatchObject({
      code: "NOT_ALLOWED",
      detail:
        "anna has a role for some jobs only; this needs the role operator for the job. Ask an admin. Nothing was changed.",
      details: { needed: "operator" },
    });
  });

  test("is what becomes of a failure, too: nothing is let in because something could not be looked up", async () => {
    const session = withRole(null, { role: "viewer", on: "job:shop" });
    const jobOf = () => Promise.reject(new Error("The disk is gone."));
    const { admit } = aDoor({ session, jobOf, toResponse: () => new Response(null, { status: 500 }) });
    const asked = { method: "GET", url: "/api/v1/jobs/shop", headers: COOKIE, peer: "::1", byOwner: false };
    expect(await admit(asked)).toMatchObject({ refusal: { status: 500 } });
  });
});
