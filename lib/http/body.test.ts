import { expect, test } from "vitest";
import { readJson } from "./body";

const TYPE = { "content-type": "application/json" };

/** A request whose body is these pieces, and then ends or breaks. */
function sending(pieces: readonly string[], broken = false): Request {
  const left = [...pieces];
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift();
      if (piece !== undefined) controller.enqueue(Buffer.from(piece));
      else if (broken) controller.error(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      else controller.close();
    },
  });
  return new Request("http://localhost/", {
    method: "POST",
    headers: TYPE,
    body,
    duplex: "half",
  } as RequestInit);
}

test("a body in pieces is put together, and no body is an empty object", async () => {
  expect(await readJson(sending(['{"a":', "1}"]))).toEqual({ a: 1 });
  expect(await readJson(sending([]))).toEqual({});
  expect(await readJson(new Request("http://localhost/", { method: "POST" }))).toEqual({});
});

test("CR-6.10 a client that leaves in the middle of its body is a refusal, not a failure of ours that the log tells", async () => {
  for (const pieces of [[], ['{"a":']])
    await expect(readJson(sending(pieces, true))).rejects.toMatchObject({ code: "MALFORMED_JSON" });
});

test("a body without an end is refused at its limit", async () => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1024)),
  });
  const request = new Request("http://localhost/", {
    method: "POST",
    headers: TYPE,
    body: endless,
    duplex: "half",
  } as RequestInit);
  await expect(readJson(request, 10_000)).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
});
