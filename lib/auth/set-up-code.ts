import { forget, makePrivately, readOrNull } from "./own-files";
import { newSecret } from "./secrets";

/**
 * The one-time code that makes the first admin. It lies in the data folder until then, so that the link of an earlier start still works, and
 * so that `unstuck admin set-up` can show it again to the folder's owner.
 */
export type SetUpCode = {
  /** Made when there is none. */
  read(): string;
  forget(): void;
};

export function setUpCode(path: string): SetUpCode {
  let known: string | null = null;
  return {
    read: () => {
      known ??= kept(path) ?? makePrivately(path, newSecret());
      return known;
    },
    forget: () => {
      known = null;
      forget(path);
    },
  };
}

/** @returns null: there is none, or what is there is none of ours */
function kept(path: string): string | null {
  const text = readOrNull(path)?.trim() ?? null;
  if (text === null || /^[\w-]{43}$/.test(text)) return text;
  forget(path);
  return null;
}
