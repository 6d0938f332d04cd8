/**
 * Next reads the body of an answer only when it sends it: not for HEAD, and not when the client left before sending began. It does not
 * cancel it either (16.4.6), so what the body holds open, like a log file, would stay open for ever.
 */
export function withoutUnreadBody(request: Request, response: Response): Response {
  const { body, status, headers } = response;
  if (body === null) return response;
  if (request.method === "HEAD") {
    letGo(body);
    return new Response(null, { status, headers });
  }
  if (request.signal.aborted) letGo(body);
  else request.signal.addEventListener("abort", () => letGo(body), { once: true });
  return response;
}

/** A body that is being sent is locked: its sender cancels it, and this one fails. */
function letGo(body: ReadableStream<Uint8Array>): void {
  body.cancel().catch(() => undefined);
}
