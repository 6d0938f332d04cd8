import type { StatusField } from "@/lib/contracts/status";
import { toStatusView } from "@/lib/http/views";
import { inSlices } from "@/lib/turns";
import type { KeptStatus, StatusBoard } from "./board";

/** `body`: null when the asker has it already. */
export type StatusBytes = { readonly etag: string; readonly body: Uint8Array | null };

/**
 * `{ at, items }` as the bytes of its JSON, which are kept for as long as they are true.
 * @param fields of an item; undefined: all
 * @param ifNoneMatch the header
 */
export async function statusBytes(
  board: StatusBoard,
  fields: readonly StatusField[] | undefined,
  ifNoneMatch: string | null,
): Promise<StatusBytes> {
  const kept = await board.now();
  const which = fields === undefined ? "" : [...new Set(fields)].sort().join(".");
  // Weak: two answers of one revision may differ in how long ago things were.
  const etag = `W/"${kept.board}-${kept.revision}${which === "" ? "" : `-${which}`}"`;
  if (ifNoneMatch !== null && matches(ifNoneMatch, etag)) return { etag, body: null };
  return { etag, body: await bodyOf(kept, which, fields) };
}

function matches(header: string, etag: string): boolean {
  return header === etag || header.split(",").some((each) => each.trim() === etag || each.trim() === "*");
}

const bodies = new WeakMap<KeptStatus, Map<string, Promise<Uint8Array>>>();
/** Of one moment: of more kinds the others are made for each call. */
const MOST_KINDS = 8;

function bodyOf(kept: KeptStatus, which: string, fields: readonly StatusField[] | undefined) {
  const known = bodies.get(kept) ?? new Map<string, Promise<Uint8Array>>();
  bodies.set(kept, known);
  const body = known.get(which) ?? (fields === undefined ? whole(kept) : chosen(kept, new Set(fields)));
  if (known.size < MOST_KINDS) known.set(which, body);
  return body;
}

async function whole({ at, texts }: KeptStatus): Promise<Uint8Array> {
  return wrapped(at, texts);
}

async function chosen({ at, statuses }: KeptStatus, fields: ReadonlySet<string>): Promise<Uint8Array> {
  const items = await inSlices(statuses, (status) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(toStatusView(status, at)).filter(([name]) => fields.has(name))),
    ),
  );
  return wrapped(at, items);
}

function wrapped(at: number, items: readonly string[]): Uint8Array {
  return Buffer.from(`{"at":"${new Date(at).toISOString()}","items":[${items.join(",")}]}`);
}
