import { AppError } from "./errors";
import type { FolderDoubt, Unconfirmed } from "./folder";
import type { Fact } from "./health";
import type { Run } from "./run";

const DOUBT_WORDS = {
  copied: "It is a copy",
  restored: "It was restored from a backup, whole or in part",
  other_device: "It is on another device than before, as a snapshot beside a live folder is",
} as const satisfies Record<FolderDoubt, string>;

/**
 * The doubt in one or two sentences.
 * @param path the data folder in doubt
 */
export function whyUnconfirmed({ doubt, origin }: Unconfirmed, path: string): string {
  if (origin === null) return `${DOUBT_WORDS[doubt]}.`;
  const host = origin.hostname === null ? "" : ` on ${origin.hostname}`;
  const used = origin.seenAt === null ? "" : `, last used ${new Date(origin.seenAt).toISOString()}`;
  if (doubt === "copied" && origin.path === path)
    return `${DOUBT_WORDS.copied} in the original's place${host}${used}.`;
  if (doubt === "copied") return `${DOUBT_WORDS.copied} of ${origin.path}${host}${used}.`;
  return `${DOUBT_WORDS[doubt]}. Its database is from ${origin.path}${host}${used}.`;
}

export function refuseUnconfirmed(path: string, unconfirmed: Unconfirmed): AppError {
  const { doubt, origin } = unconfirmed;
  const message = `Nothing was changed: ${path} may not be the live data folder. ${whyUnconfirmed(unconfirmed, path)} If it is the live one, confirm that on any page, with unstuck folder --confirm, or by POST /api/v1/folder/confirm. If it is not, stop this dashboard.`;
  return new AppError("FOLDER_UNCONFIRMED", message, { path, doubt, origin: origin?.path ?? null });
}

type Whereabouts = { readonly process: boolean | null; readonly home: "here" | "elsewhere" | "unknown" };

/** What is true of an active run while its data folder is in doubt. */
export function whyHeldBack(run: Run, { origin }: Unconfirmed, { process, home }: Whereabouts): Fact {
  const confirmation = "this data folder to be confirmed as the live one";
  if (run.state === "queued") return { fact: "waits for", value: confirmation, at: null };
  const pid = run.process?.pid ?? run.launcher?.pid ?? null;
  const fact = pid === null ? "its process" : `process ${pid}`;
  const original = origin === null ? "another data folder" : `the original folder at ${origin.path}`;
  const told = (value: string): Fact => ({ fact, value, at: run.startedAt });
  if (process === false) return told(`not found here; the run waits for ${confirmation}`);
  if (process === null) return told(`not looked at; the run waits for ${confirmation}`);
  if (home === "elsewhere")
    return told(`alive, and belongs to ${original}; nothing here watches or signals it`);
  return told(`alive; the run waits for ${confirmation}`);
}
