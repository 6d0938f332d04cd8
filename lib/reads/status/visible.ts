import type { StatusView } from "@/lib/contracts/status";
import { type Access, atLeast, can, isLogHidden } from "@/lib/domain/access";
import type { JobStatus } from "@/lib/services/jobs/job-status";
import type { KeptStatus, StatusBoard } from "./board";

/**
 * The status of those jobs that the access reaches, without what private logs said last where it only lets look. Who may see all gets the very
 * board, with what is kept of it.
 */
export function visibleTo(board: StatusBoard, access: Access): StatusBoard {
  if (atLeast(access.role, "operator")) return board;
  return { now: async () => visibleIn(await board.now(), access) };
}

const made = new WeakMap<KeptStatus, Map<string, KeptStatus>>();
/** Of one moment, for so many different grants; more are made each time. */
const MOST_KINDS = 50;

function visibleIn(kept: KeptStatus, access: Access): KeptStatus {
  const key = JSON.stringify([access.role, access.grants]);
  const known = made.get(kept) ?? new Map<string, KeptStatus>();
  made.set(kept, known);
  const seen = known.get(key) ?? only(kept, access, key);
  if (known.size < MOST_KINDS) known.set(key, seen);
  return seen;
}

function only(kept: KeptStatus, access: Access, key: string): KeptStatus {
  const statuses = kept.statuses.map((status) => asSeen(status, access));
  const places = [...statuses.keys()].filter((place) => statuses[place] !== null);
  const isSame =
    places.length === kept.statuses.length && statuses.every((status, at) => status === kept.statuses[at]);
  if (isSame) return kept;
  const at = <Item>(all: readonly Item[]): Item[] => places.flatMap((place) => all[place] ?? []);
  return {
    ...kept,
    board: `${kept.board}-${partName(key)}`,
    statuses: at(statuses).flatMap((status) => status ?? []),
    texts: places.flatMap((place) => {
      const text = kept.texts[place] ?? "";
      return statuses[place] === kept.statuses[place] ? text : withoutLog(text);
    }),
    glances: at(kept.glances),
  };
}

/** null: it is not seen at all. */
function asSeen(status: JobStatus, access: Access): JobStatus | null {
  const { job, newest } = status;
  if (!can(access, "viewer", job)) return null;
  if (newest === null || !isLogHidden(job, access)) return status;
  return { ...status, newest: { ...newest, logHidden: true } };
}

/** The same as `toRunView` makes of it, from what it has made. */
function withoutLog(text: string): string {
  const view = JSON.parse(text) as StatusView;
  const run = view.run === null ? null : { ...view.run, lastWords: null, logHidden: true, fingerprint: null };
  return JSON.stringify({ ...view, run });
}

/** Under the name of its own: the whole board and two parts of it are three things to who compares tags of answers. */
const names = new Map<string, string>();

function partName(key: string): string {
  const known = names.get(key) ?? crypto.randomUUID();
  if (names.size >= 10_000) names.clear();
  names.set(key, known);
  return known;
}
