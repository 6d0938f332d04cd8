/** What `unstuck doctor` finds. */
export const CHECK_STATUSES = ["ok", "warn", "fail", "unknown"] as const;
export type CheckStatus = (typeof CHECK_STATUSES)[number];

export type Check = {
  /** Stays the same over versions. */
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  readonly found: string;
  /** What to do; null when nothing is to be done. */
  readonly fix: string | null;
};
