import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { askedBy } from "@/lib/asking";
import type { Asking } from "@/lib/domain/access";
import { slot } from "@/lib/slot.mjs";
import { aContext } from "@/test/a-context";
import { anIdentity } from "@/test/accounts";
import { byForce } from "./demands";
import { type Handler, route, routes } from "./route";

const answer = routes({
  GET: async () => new Response("read"),
  PUT: async () => new Response("written"),
});
const writes = routes({ POST: async () => new Response("done") });

const ask = (handler: typeof answer, method: string) =>
  handler(new Request("http://127.0.0.1/", { method }), {});

test.each([
  ["GET", "read"],
  ["HEAD", "read"],
  ["PUT", "written"],
])("%s is answered by its handler", async (method, body) => {
  expect(await (await ask(answer, method)).text()).toBe(body);
});

test("OPTIONS names what is possible, and nothing else", async () => {
  const response = await ask(answer, "OPTIONS");
  expect(response.status).toBe(204);
  expect(response.headers.get("allow")).toBe("GET, PUT, HEAD, OPTIONS");
  expect((await ask(writes, "OPTIONS")).headers.get("allow")).toBe("POST, OPTIONS");
});

test.each([
  [answer, "DELETE", "DELETE is not possible here. Use GET or PUT."],
  [answer, "PROPFIND", "PROPFIND is not possible here. Use GET or PUT."],
  [writes, "HEAD", "HEAD is not possible here. Use POST."],
])("a method that is not there is a problem that names the others", async (handler, method, detail) => {
  const response = await ask(handler, method);
  expect(response.status).toBe(405);
  expect(await response.json()).toMatchObject({ code: "METHOD_NOT_ALLOWED", detail });
});

describe("a route", () => {
  beforeEach(() => {
    const before = slot().booted;
    slot().booted = { phase: "ready", app: { ports: { operator: aContext() } } };
    onTestFinished(() => {
      slot().booted = before;
    });
  });
  const client = { address: "192.0.2.7", secure: false };
  const anna = (role: "viewer" | "operator" | "admin"): Asking => ({
    who: anIdentity({ name: "anna", access: { role, grants: [{ role: "operator", on: "job:shop" }] } }),
    client,
  });
  const NO_ONE: Asking = { who: null, client };
  const send = (handler: Handler, by: Asking, body?: unknown) => {
    const headers = { "content-type": "application/json" };
    const request = new Request("http://127.0.0.1/", {
      method: "POST",
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return askedBy(by, () => handler(request, {}));
  };

  test("is answered in the name of who asks, who goes with the request", async () => {
    const tells = route({}, async ({ ctx: { actor, who, client: from } }) =>
      Response.json({ actor, who, from }),
    );
    const by = anna("viewer");
    expect(await (await send(tells, by)).json()).toEqual({ actor: "anna", who: by.who, from: client });
  });

  test("does nothing for who has not signed in, unless anyone may ask", async () => {
    let asked = 0;
    const counts = async () => {
      asked += 1;
      return new Response("done");
    };
    const refused = await send(route({}, counts), NO_ONE);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "SIGNED_OUT" });
    expect(asked).toBe(0);
    expect((await send(route({ isPublic: true }, counts), NO_ONE)).status).toBe(200);
  });

  test("that asks for more because of what is in the body refuses who has not that role for everything", async () => {
    const body = z.strictObject({ force: z.boolean().optional() });
    let asked = 0;
    const ctx = aContext();
    slot().booted = { phase: "ready", app: { ports: { operator: ctx } } };
    const handler = route({ body, demands: byForce }, async () => {
      asked += 1;
      return new Response("done");
    });
    for (const role of ["viewer", "operator"] as const) {
      const refused = await send(handler, anna(role), { force: true });
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        code: "NOT_ALLOWED",
        detail: "Force needs the role admin, which anna does not have. Nothing was changed.",
        details: { needed: "admin" },
      });
    }
    expect(asked).toBe(0);
    const refused = { method: "POST", path: "/", needed: "admin", what: "Force" };
    expect(ctx.called.map(([what]) => what)).toEqual(["noteRefusal", "noteRefusal"]);
    expect(JSON.stringify(ctx.called)).toContain(JSON.stringify(refused));
    expect((await send(handler, anna("operator"), {})).status).toBe(200);
    expect((await send(handler, anna("admin"), { force: true })).status).toBe(200);
    expect((await send(handler, anna("admin"), { force: "yes" })).status).toBe(400);
    expect(asked).toBe(2);
  });
});
