import { expect, test } from "vitest";
import { withoutUnreadBody } from "./unread-body";

/** An answer that notes whether its body was let go. */
function streaming() {
  const seen = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(8)),
    cancel: () => {
      seen.cancelled = true;
    },
  });
  return { seen, response: new Response(body, { status: 206, headers: { "x-log-size": "8" } }) };
}

const asked = (method: string, signal: AbortSignal | null = null) =>
  new Request("http://localhost/", { method, signal });

test("CR-6.10 the body of an answer to HEAD is let go, and its headers stay", () => {
  const { seen, response } = streaming();
  const answer = withoutUnreadBody(asked("HEAD"), response);
  expect([answer.status, answer.body, answer.headers.get("x-log-size")]).toEqual([206, null, "8"]);
  expect(seen.cancelled).toBe(true);
});

test("CR-6.10 the body for a client that left before it was sent is let go, whether it left before or after the answer was made", () => {
  const left = new AbortController();
  left.abort();
  const before = streaming();
  withoutUnreadBody(asked("GET", left.signal), before.response);
  expect(before.seen.cancelled).toBe(true);

  const leaves = new AbortController();
  const after = streaming();
  withoutUnreadBody(asked("GET", leaves.signal), after.response);
  expect(after.seen.cancelled).toBe(false);
  leaves.abort();
  expect(after.seen.cancelled).toBe(true);
});

test("CR-6.10 a body that is being sent is left to its sender", async () => {
  const leaves = new AbortController();
  const { seen, response } = streaming();
  const reader = withoutUnreadBody(asked("GET", leaves.signal), response).body?.getReader();
  leaves.abort();
  expect((await reader?.read())?.value).toHaveLength(8);
  expect(seen.cancelled).toBe(false);
  await reader?.cancel();
  expect(seen.cancelled).toBe(true);
});
