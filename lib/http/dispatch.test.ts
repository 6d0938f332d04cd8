import { expect, test } from "vitest";
import { dispatch } from "./dispatch";
import type { Handler } from "./route";

const tells =
  (name: string): Handler =>
  async (_request, params) =>
    Response.json({ name, params });

const answer = dispatch({
  "/api/v1/jobs": tells("jobs"),
  "/api/v1/jobs/[job]": tells("job"),
  "/api/v1/jobs/[job]/start": tells("start"),
  "/api/v1/strays/[stray]/stop": tells("stop"),
  "/api/v1/strays/pid-files/remove": tells("remove"),
  "/demo/shop/[[...path]]": tells("shop"),
});

const ask = async (path: string) => (await answer(new Request(`http://127.0.0.1${path}`))).json();

test.each([
  ["/api/v1/jobs", "jobs", {}],
  ["/api/v1/jobs/", "jobs", {}],
  ["/api/v1/jobs?limit=2", "jobs", {}],
  ["/api/v1/jobs/a%2Fb", "job", { job: "a%2Fb" }],
  ["/api/v1/jobs/**", "job", { job: "**" }],
  ["/api/v1/jobs/:job", "job", { job: ":job" }],
  ["/api/v1/jobs/a/start", "start", { job: "a" }],
  ["/api/v1/jobs/__proto__/start", "start", { job: "__proto__" }],
  ["/api/v1/strays/pid-files/remove", "remove", {}],
  ["/api/v1/strays/pid-files/stop", "stop", { stray: "pid-files" }],
  ["/demo/shop", "shop", {}],
])("%s is answered by %s with %j", async (path, name, params) => {
  expect(await ask(path)).toMatchObject({ name, params });
});

test("the rest of a path is one route's, however long", async () => {
  expect((await ask("/demo/shop/a/b/c")).name).toBe("shop");
});

test.each(["/", "/api", "/api/v1/jobs/a/start/more", "/api/v1/jobs//start", "/api/v1/Jobs", "/constructor"])(
  "there is nothing at %s",
  async (path) => {
    const response = await answer(new Request(`http://127.0.0.1${path}`));
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "ROUTE_NOT_FOUND", details: { path } });
  },
);
