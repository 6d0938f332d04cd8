import { inSlices } from "@/lib/turns";

/** State changes from one moment to the next, so no answer is kept by anybody. */
const HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

export function ok(body: unknown): Response {
  return json(200, body);
}

/**
 * `{ …rest, items }`, each item made and written a few milliseconds at a time: a long list would keep every other request waiting.
 */
export async function okList<Item>(
  rest: Readonly<Record<string, unknown>>,
  items: readonly Item[],
  toView: (item: Item) => unknown,
): Promise<Response> {
  // It ends with an empty list, which the items are put into; a list that `rest` has already would keep its place before other keys.
  const { items: _emptyList, ...others } = rest;
  const around = JSON.stringify({ ...others, items: [] });
  const parts = await inSlices(items, (item) => Buffer.from(`,${JSON.stringify(toView(item))}`));
  const [first] = parts;
  if (first !== undefined) parts[0] = first.subarray(1);
  const body = Buffer.concat([Buffer.from(around.slice(0, -2)), ...parts, Buffer.from("]}")]);
  return new Response(body, { status: 200, headers: HEADERS });
}

/** The same for a view that is made already. */
export function okPage<Item>({ items, ...rest }: { readonly items: readonly Item[] }): Promise<Response> {
  return okList(rest, items, (item) => item);
}

/** JSON that is kept as bytes. `body` null: it has not changed for who asks. */
export function okBytes({
  etag,
  body,
}: {
  readonly etag: string;
  readonly body: Uint8Array | null;
}): Response {
  const headers = { etag, "cache-control": "private, no-cache", vary: "authorization, cookie" };
  if (body === null) return new Response(null, { status: 304, headers });
  return new Response(Buffer.from(body), { headers: { ...HEADERS, ...headers } });
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
