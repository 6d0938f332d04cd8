/**
 * The body of an answer is read only when it is sent: not for HEAD, and not when the client left before sending began. Neither
 * @remix-run/node-fetch-server (0.14.2) nor Next (16.4.6) cancels it then, so what it holds open, like a log file, would stay open.
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
