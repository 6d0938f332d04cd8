import { AppError } from "@/lib/domain/errors";
import type { UserOutcome } from "@/lib/domain/ports/accounts";
import type { NewIds } from "@/lib/domain/ports/runs";
import type { User } from "@/lib/domain/user";

export function nameTaken(name: string): AppError {
  return new AppError("USER_EXISTS", `There is a user ${name} already. Choose another name.`, { name });
}

export function unknownUser(): AppError {
  return new AppError("USER_NOT_FOUND", "There is no such user. It may have been deleted.");
}

export function lastAdmin(): AppError {
  return new AppError(
    "LAST_ADMIN",
    "This is the only admin who can sign in. Make another admin first. Nothing was changed.",
  );
}

/** @throws AppError USER_NOT_FOUND, STALE_VERSION, LAST_ADMIN, USER_EXISTS */
export function changedOrRefused(outcome: UserOutcome, name: string): User {
  switch (outcome) {
    case "unknown":
      throw unknownUser();
    case "stale":
      throw new AppError("STALE_VERSION", "The user was changed meanwhile. Look again, then change it.");
    case "last_admin":
      throw lastAdmin();
    case "name_taken":
      throw nameTaken(name);
    default:
      return outcome;
  }
}

/** Twenty characters in groups, to be read out and typed once. */
export function madeUp({ entropy }: Pick<NewIds, "entropy">): string {
  return (entropy(20).match(/.{5}/g) ?? []).join("-");
}
