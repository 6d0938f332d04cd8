import { accessSync, constants, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "@/lib/domain/errors";
import type { Account } from "@/lib/domain/files";

type Variables = Readonly<Record<string, string>>;

/**
 * util-linux's setpriv, with which a launcher gives up root. Busybox has a command of that name that cannot.
 * @param path the dashboard's own PATH
 * @throws AppError RUN_AS_NOT_ALLOWED where there is none
 */
export function findSetpriv(path: string): string {
  const found = path
    .split(":")
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, "setpriv"))
    .find(isSetpriv);
  if (found !== undefined) return found;
  throw new AppError(
    "RUN_AS_NOT_ALLOWED",
    `To run a job as another user the dashboard needs setpriv of util-linux; it is in none of the folders of PATH (${path}). Install it (Debian: util-linux, Alpine: setpriv).`,
    {},
  );
}

function isSetpriv(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return basename(realpathSync(file)) !== "busybox";
  } catch {
    return false;
  }
}

/** What a launcher is told to become with its last step; read by launcher.sh. */
export function becomeOrder({ uid, gid }: Account, setpriv: string): Variables {
  return { UNSTUCK_BECOME: `${uid} ${gid} ${setpriv}` };
}
