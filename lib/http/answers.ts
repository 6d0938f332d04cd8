/** State changes from one moment to the next, so no answer is kept by anybody. */
const HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

export function ok(body: unknown): Response {
  return json(200, body);
}

export function created(body: unknown): Response {
  return json(201, body);
}

export function accepted(body: unknown): Response {
  return json(202, body);
}

export function noContent(): Response {
  return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
}

export function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: HEADERS });
}
