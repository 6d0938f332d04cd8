import { describe, expect, test } from "vitest";
import { DATABASE_FILES, folderContent } from "./folder-content";
import type { Operator } from "./operator";
import { type RawRequest, rawRequest } from "./raw-request";
import type { TestServer } from "./server";

export const JSON_TYPE = { "content-type": "application/json" };

/** What it is, the request, and the status and code of the answer. */
export type Refusal = readonly [string, () => RawRequest, number, string];

type At = { readonly server: TestServer; readonly op: Operator };

export function post(path: string, body: unknown, headers: Record<string, string> = JSON_TYPE): RawRequest {
  return { method: "POST", path, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

/** Everything a refused request could have changed. */
export async function everything({ server, op }: At) {
  return {
    jobs: await op.call("GET", "/api/v1/jobs", 200),
    runs: await op.call("GET", "/api/v1/runs", 200),
    files: folderContent(server.dataDir, DATABASE_FILES),
  };
}

export function expectRefused(at: At, refusals: readonly Refusal[]): void {
  describe("what is refused says why and changes nothing", () => {
    for (const [what, wanted, status, code] of refusals) {
      test(what, async () => {
        const before = await everything(at);
        const answer = await rawRequest(at.server.origin, wanted());
        expect(answer).toMatchObject({ status, body: { code, status } });
        expect(answer.headers["content-type"]).toBe("application/problem+json");
        expect(answer.body.detail.length).toBeGreaterThan(10);
        expect(await everything(at)).toEqual(before);
      });
    }
  });
}
