import { type Access, can, isPartial } from "@/lib/domain/access";
import type { KeptStatus, StatusBoard } from "./board";

/** The status of those jobs that the access reaches. Who may see all gets the very board, with what is kept of it. */
export function visibleTo(board: StatusBoard, access: Access): StatusBoard {
  if (!isPartial(access)) return board;
  return { now: async () => visibleIn(await board.now(), access) };
}

const made = new WeakMap<KeptStatus, Map<string, KeptStatus>>();
/** Of one moment, for so many different grants; more are made each time. */
const MOST_KINDS = 50;

function visibleIn(kept: KeptStatus, access: Access): KeptStatus {
  const key = JSON.stringify(access.grants);
  const known = made.get(kept) ?? new Map<string, KeptStatus>();
  made.set(kept, known);
  const seen = known.get(key) ?? only(kept, access, key);
  if (known.size < MOST_KINDS) known.set(key, seen);
  return seen;
}

function only(kept: KeptStatus, access: Access, key: string): KeptStatus {
  const places = [...kept.statuses.keys()].filter((place) => {
    const job = kept.statuses[place]?.job;
    return job !== undefined && can(access, "viewer", job);
  });
  const at = <Item>(all: readonly Item[]): Item[] => places.flatMap((place) => all[place] ?? []);
  return {
    ...kept,
    board: `${kept.board}-${partName(key)}`,
    statuses: at(kept.statuses),
    texts: at(kept.texts),
    glances: at(kept.glances),
  };
}

/** Under the name of its own: the whole board and two parts of it are three things to who compares tags of answers. */
const names = new Map<string, string>();

function partName(key: string): string {
  const known = names.get(key) ?? crypto.randomUUID();
  if (names.size >= 10_000) names.clear();
  names.set(key, known);
  return known;
}
