import { AppError } from "@/lib/domain/errors";

export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The request's JSON; `{}` when it has no body.
 * @param limit in bytes
 * @throws AppError BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON
 */
export async function readJson(request: Request, limit = MAX_BODY_BYTES): Promise<unknown> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge(limit);
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
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError("MALFORMED_JSON", `The body is not JSON: ${why}.`, {}, { cause: error });
  }
}

/** Counts while it reads: a chunked body announces no length. */
async function readText(request: Request, limit: number): Promise<string> {
  if (request.body === null) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function tooLarge(limit: number): AppError {
  return new AppError("BODY_TOO_LARGE", `The body may have at most ${limit} bytes.`, { limit });
}
