import type { SessionId, UserId } from "./user";

/** What is kept so that the database alone does not tell it. */
export type Sealing = {
  /** @param about what it belongs to: moved to another place it does not open */
  seal(text: string, about: string): string;
  /** @throws AppError SECRET_UNREADABLE */
  unseal(sealed: string, about: string): string;
  /** Whether it was sealed with the key that is used now. */
  isCurrent(sealed: string): boolean;
};

/** What the secret of an authenticator app belongs to. */
export function aboutSecondFactor(user: UserId): string {
  return `second-factor:${user}`;
}

/** What the provider knows a session by belongs to. */
export function aboutSignOut(session: SessionId): string {
  return `sign-out:${session}`;
}

/** For a database of tests: kept as it is. */
export const UNSEALED: Sealing = {
  seal: (text) => text,
  unseal: (sealed) => sealed,
  isCurrent: () => true,
};
