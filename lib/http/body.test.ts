import { expect, test } from "vitest";
import { readJson } from "./body";

const SECRET = "zq7-never-shown";

function sent(body: string): Request {
  return new Request("http://localhost/", {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
}

test.each([
  [`{"T":"${SECRET}"x}`, /^The body is not JSON: Expected .* at position \d+/],
  [`{"T":${SECRET}}`, /^The body is not JSON: Unexpected token 'z'\.$/],
  [`{"T":"${SECRET}`, /^The body is not JSON: Unterminated string .* at position \d+/],
  [`${SECRET}, and "${SECRET}"`, /^The body is not JSON: Unexpected token 'z'\.$/],
])("CR-7.4 what is wrong with the body %j is said without a piece of it", async (body, expected) => {
  const error = await readJson(sent(body)).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: "MALFORMED_JSON", message: expect.stringMatching(expected) });
  expect(`${(error as Error).message} ${String((error as Error).cause)}`).not.toMatch(/zq7|never|shown/);
});

const PIECE = new Uint8Array(64 * 1024).fill(120);

/** A body of that many pieces; `left` tells how many of them nobody has taken yet. */
function pieces(count: number, headers: Record<string, string> = {}) {
  const told = { left: count };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (told.left === 0) return controller.close();
        told.left -= 1;
        controller.enqueue(PIECE);
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: "POST", body, headers, duplex: "half" };
  return { told, request: new Request("http://localhost/", init as RequestInit) };
}

test.each([
  ["with its length", { "content-length": String(160 * PIECE.byteLength) }],
  ["without its length", {}],
])("a body that is too large, %s, is read to its end before it is refused", async (_, headers) => {
  const { told, request } = pieces(160, headers);
  await expect(readJson(request)).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
  expect(told.left).toBe(0);
});
