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
