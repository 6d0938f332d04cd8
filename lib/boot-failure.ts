import { mkdirSync } from "node:fs";
import { AppError, isAppError } from "./domain/errors";
import { meansNoRoom, noRoom } from "./store/no-room";

/** What keeps the process from coming up, in the words that every page and command shows. */

export function toFailure(error: unknown): AppError {
  if (isAppError(error)) return error;
  return meansNoRoom(error) ? noRoom("the data folder", error) : unforeseen(error);
}

function unforeseen(error: unknown): AppError {
  const why = error instanceof Error ? error.message : String(error);
  return new AppError("INTERNAL", `Unstuck could not start: ${why}. Its log has more.`, {}, { cause: error });
}

/** @throws AppError DATA_FOLDER_UNUSABLE */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o750 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "DATA_FOLDER_UNUSABLE",
      `The data folder ${path} cannot be made: ${why}. Choose another with UNSTUCK_DATA_DIR.`,
      { path },
      { cause: error },
    );
  }
}
