import { AppError } from "@/lib/domain/errors";

export const MAX_BODY_BYTES = 1024 * 1024;
/** What is read of a body that is refused for its size, and for how long: a client that is still writing does not hear the answer. */
const DRAINED_BYTES = 64 * 1024 * 1024;
const DRAINED_WITHIN_MS = 5_000;

/**
 * The request's JSON; `{}` when it has no body.
 * @param limit in bytes
 * @throws AppError BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON (also when the client leaves in the middle)
 */
export async function readJson(request: Request, limit = MAX_BODY_BYTES): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) {
    await drain(request.body?.getReader());
    throw tooLarge(limit);
  }
  const text = await readText(request, limit);
  if (text.trim() === "") return {};
  const type = request.headers.get("content-type") ?? "none";
  if (!/^application\/json\b/i.test(type)) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", `Expected content-type application/json, found ${type}.`, {
      found: type,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("MALFORMED_JSON", `The body is not JSON: ${whyNot(error)}.`);
  }
}

/** Without the piece of the body that V8 quotes, and without the error itself: the value of a secret may be in it. */
function whyNot(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return why.replace(/, (\.\.\.)?"[\s\S]*"(\.\.\.)? is not valid JSON$/, "");
}

/** Counts while it reads: a chunked body announces no length. */
async function readText(request: Request, limit: number): Promise<string> {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(gone);
    if (done) return Buffer.concat(chunks).toString("utf8");
    size += value.byteLength;
    if (size > limit) {
      await drain(reader);
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
}

/**
 * Reads what is still coming and forgets it. A connection that is closed on a client that writes is reset, and the answer is lost with
 * it, the more often the busier the machine. What is larger or slower is not waited for.
 */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  const until = performance.now() + DRAINED_WITHIN_MS;
  let late: NodeJS.Timeout | undefined;
  const timeUp = new Promise<"late">((resolve) => {
    late = setTimeout(resolve, DRAINED_WITHIN_MS, "late");
  });
  for (let size = 0; reader !== undefined && size < DRAINED_BYTES && performance.now() < until; ) {
    const read = await Promise.race([reader.read().catch(() => null), timeUp]);
    if (read === null || read === "late" || read.done) break;
    size += read.value.byteLength;
  }
  clearTimeout(late);
  void reader?.cancel().catch(() => undefined);
}

/** Reading fails only when the client has left in the middle: no bug of ours, and no one is there to read the answer. */
function gone(error: unknown): never {
  throw new AppError(
    "MALFORMED_JSON",
    "The connection ended before the whole body had arrived. Nothing was done.",
    {},
    { cause: error },
  );
}

function tooLarge(limit: number): AppError {
  return new AppError("BODY_TOO_LARGE", `The body may have at most ${limit} bytes.`, { limit });
}
