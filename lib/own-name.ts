import { userInfo } from "node:os";

/** Whom this process runs as; null: its number has no name here, as in containers. */
export function ownName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
