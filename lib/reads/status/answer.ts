import type { StatusField, StatusQuery } from "@/lib/contracts/status";
import { toStatusView } from "@/lib/http/views";
import type { JobStatus } from "@/lib/services/jobs/job-status";
import { inSlices } from "@/lib/turns";
import type { KeptStatus, StatusBoard } from "./board";
import { chosenPage, summaryOf } from "./page";

/** `body`: null when the asker has it already. */
export type StatusBytes = { readonly etag: string; readonly body: Uint8Array | null };

/**
 * `{ at, items }`, and what belongs to a page of it, as the bytes of its JSON, which are kept for as long as they are true.
 * @param ifNoneMatch the header
 */
export async function statusBytes(
  board: StatusBoard,
  query: StatusQuery,
  ifNoneMatch: string | null,
): Promise<StatusBytes> {
  const kept = await board.now();
  const which = nameOf(query);
  const counted = query.limit === undefined ? "" : `-${countsOf(kept)}`;
  // Weak: two answers of one revision may differ in how long ago things were.
  const etag = `W/"${kept.board}-${kept.revision}${which === "" ? "" : `-${which}`}${counted}"`;
  if (ifNoneMatch !== null && matches(ifNoneMatch, etag)) return { etag, body: null };
  return { etag, body: await bodyOf(kept, which, query) };
}

/** The same for equal questions, in characters that an ETag may have. */
function nameOf({ fields, limit, order = "id", q = "", cursor = "" }: StatusQuery): string {
  const named = fields === undefined ? "" : [...new Set(fields)].sort().join(".");
  if (limit === undefined) return named;
  return [named, limit, order, encodeURIComponent(q), encodeURIComponent(cursor)].join("~");
}

/** What failed is counted for a day, so the counts change by time passing. */
function countsOf(kept: KeptStatus): string {
  const { counts, attention } = summaryOf(kept).summary;
  return [attention, ...Object.values(counts)].join(".");
}

function matches(header: string, etag: string): boolean {
  return header === etag || header.split(",").some((each) => each.trim() === etag || each.trim() === "*");
}

const bodies = new WeakMap<KeptStatus, Map<string, Promise<Uint8Array>>>();
/** Of one moment: of more kinds the others are made for each call. */
const MOST_KINDS = 8;

function bodyOf(kept: KeptStatus, which: string, query: StatusQuery) {
  const known = bodies.get(kept) ?? new Map<string, Promise<Uint8Array>>();
  bodies.set(kept, known);
  const body = known.get(which) ?? bytesOf(kept, query);
  if (known.size < MOST_KINDS) known.set(which, body);
  return body;
}

async function bytesOf(kept: KeptStatus, { fields, limit, ...query }: StatusQuery): Promise<Uint8Array> {
  const { places, ...more } = limit === undefined ? { places: null } : chosenPage(kept, { ...query, limit });
  const items =
    fields === undefined
      ? at(kept.texts, places)
      : await onlyFields(at(kept.statuses, places), kept.at, new Set(fields));
  const rest = limit === undefined ? "" : `,${JSON.stringify(more).slice(1, -1)}`;
  return Buffer.from(`{"at":"${new Date(kept.at).toISOString()}","items":[${items.join(",")}]${rest}}`);
}

/** @param places null: all */
function at<Item>(all: readonly Item[], places: readonly number[] | null): readonly Item[] {
  return places === null ? all : places.flatMap((place) => all[place] ?? []);
}

function onlyFields(statuses: readonly JobStatus[], now: number, fields: ReadonlySet<StatusField>) {
  const view = [...fields].every(isOfJob) ? ofJob : toStatusView;
  return inSlices(statuses, (status) =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(view(status, now)).filter(([name]) => fields.has(name as StatusField)),
      ),
    ),
  );
}

const OF_JOB: readonly StatusField[] = ["job", "title", "kind", "enabled"];

function isOfJob(field: StatusField): boolean {
  return OF_JOB.includes(field);
}

/** For lists of names: the view of a run takes a hundred times as long as this. */
function ofJob({ job: { id, title, kind, enabled } }: JobStatus) {
  return { job: id, title, kind, enabled };
}
