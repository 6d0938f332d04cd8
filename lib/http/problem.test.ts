import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { Problem } from "@/lib/contracts/problem";
import { AppError, ERROR_CODES } from "@/lib/domain/errors";
import { readJson } from "./body";
import { invalidInput, problemResponse } from "./problem";
import { STATUS_OF } from "./status";

afterEach(() => vi.restoreAllMocks());

describe("every code of failure", () => {
  for (const code of ERROR_CODES) {
    test(`${code} is answered as a problem with status ${STATUS_OF[code]}`, async () => {
      const response = problemResponse(new AppError(code, "What to do.", { job: "shop" }));
      expect(response.status).toBe(STATUS_OF[code]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(response.headers.get("cache-control")).toBe("no-store");
      const body = Problem.parse(await response.json());
      expect(body).toMatchObject({
        status: response.status,
        code,
        detail: "What to do.",
        details: { job: "shop" },
      });
      expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    });
  }

  test("has a status that says refusal, and only trouble of ours is 5xx", () => {
    expect(Object.keys(STATUS_OF).sort()).toEqual([...ERROR_CODES].sort());
    for (const code of ERROR_CODES) expect(STATUS_OF[code], code).toBeGreaterThanOrEqual(400);
    expect(ERROR_CODES.filter((code) => STATUS_OF[code] === 500)).toEqual(["INTERNAL"]);
  });
});

test("what needs signing in says how, and what has to wait says for how long", () => {
  const headersOf = (error: AppError) => problemResponse(error).headers;
  for (const code of ERROR_CODES)
    expect(headersOf(new AppError(code, "")).get("www-authenticate"), code).toBe(
      STATUS_OF[code] === 401 ? "Bearer" : null,
    );
  const wait = (retryAfterMs: unknown) => headersOf(new AppError("TOO_MANY_ATTEMPTS", "", { retryAfterMs }));
  expect([1, 1_000, 1_001, "5"].map((ms) => wait(ms).get("retry-after"))).toEqual(["1", "1", "2", null]);
});

describe("a bug", () => {
  for (const thrown of [new TypeError("x is not a function at /srv/secret"), "text", null, undefined]) {
    test(`(${String(thrown).slice(0, 9)}) is answered with an id and no inner text, and logged with both`, async () => {
      const log = vi.spyOn(console, "error").mockImplementation(() => {});
      const response = problemResponse(thrown);
      const body = Problem.parse(await response.json());
      expect(response.status).toBe(500);
      expect(body).toMatchObject({ code: "INTERNAL", details: {} });
      expect(JSON.stringify(body)).not.toContain("secret");
      expect(body.detail).toContain(body.requestId);
      expect(log).toHaveBeenCalledWith(
        expect.objectContaining({ requestId: body.requestId }),
        "request.failed",
      );
    });
  }
});

test("CR-6.2 what the operating system has none left of is named, is no bug of ours, and is logged", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const thrown = Object.assign(new Error("spawn /srv/secret EAGAIN"), { code: "EAGAIN" });
  const response = problemResponse(thrown);
  const body = Problem.parse(await response.json());
  expect(body).toMatchObject({ status: 503, code: "HOST_EXHAUSTED", details: { code: "EAGAIN" } });
  expect(body.detail).toMatch(/^This host has no processes left .*\(EAGAIN\)\. .* then try again\.$/);
  expect(JSON.stringify(body)).not.toContain("secret");
  expect(log).toHaveBeenCalledWith(
    expect.objectContaining({ requestId: body.requestId, error: expect.stringContaining("/srv/secret") }),
    "request.failed",
  );
});

test("a schema's complaints become one error that names each place, at most five of them in the sentence", () => {
  const schema = z.object(Object.fromEntries([..."abcdefg"].map((name) => [name, z.number()])));
  const { error } = schema.safeParse({});
  if (error === undefined) throw new Error("It was accepted.");
  const refused = invalidInput("body", error);
  expect(refused.code).toBe("INVALID_INPUT");
  expect(refused.message).toMatch(/^The body is not as expected\. a: .*; e: [^;]*\.$/);
  expect(refused.details.issues).toHaveLength(7);
});

describe("the JSON of a request", () => {
  const post = (body: string | ReadableStream | null, type = "application/json") =>
    new Request("http://localhost/", {
      method: "POST",
      body,
      headers: { "content-type": type },
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
    } as RequestInit);
  const refused = (request: Request) =>
    readJson(request).then(
      () => null,
      (error: AppError) => error.code,
    );

  test("may be missing or blank", async () => {
    expect(await readJson(post(null))).toEqual({});
    expect(await readJson(post("  \n"))).toEqual({});
  });
  test("is read as UTF-8", async () => expect(await readJson(post('{"a":"ü🕷"}'))).toEqual({ a: "ü🕷" }));
  test("may carry a charset", async () =>
    expect(await readJson(post("{}", "Application/JSON; charset=utf-8"))).toEqual({}));
  test("is refused when broken", async () => expect(await refused(post("{a:1}"))).toBe("MALFORMED_JSON"));
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
    test(`is refused as ${type}: a foreign page can send that without asking`, async () =>
      expect(await refused(post("{}", type))).toBe("UNSUPPORTED_MEDIA_TYPE"));
  test("is refused over a megabyte, told or not", async () => {
    const big = `"${"x".repeat(1024 * 1024)}"`;
    expect(await refused(post(big))).toBe("BODY_TOO_LARGE");
    const chunk = new Uint8Array(64 * 1024).fill(32);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(chunk);
      },
    });
    expect(await refused(post(endless))).toBe("BODY_TOO_LARGE");
    expect(sent, "it stops reading after 64 MiB more").toBeLessThan(1_050);
  });
});
