import type { FolderView } from "@/lib/contracts/folder";
import { whyUnconfirmed } from "@/lib/domain/folder-words";
import type { SeenFolder } from "@/lib/services/folder/get-folder";

export function toFolderView({ path, worker, unconfirmed, heldBack }: SeenFolder): FolderView {
  if (unconfirmed === null) return { path, worker, state: "live", unconfirmed: null };
  const { doubt, since, origin } = unconfirmed;
  const seenAt = origin?.seenAt == null ? null : instant(origin.seenAt);
  const about = {
    doubt,
    since: instant(since),
    sentence: whyUnconfirmed(unconfirmed, path),
    origin: origin === null ? null : { ...origin, seenAt },
  };
  return { path, worker, state: "unconfirmed", unconfirmed: { ...about, heldBack: { ...heldBack } } };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
