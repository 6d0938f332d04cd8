import { expect, test } from "vitest";
import { routes } from "./route";

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
