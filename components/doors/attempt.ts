/** How an attempt to sign in stands, for each of its steps. */
export type Attempt = {
  readonly busy: boolean;
  /** null: nothing was refused. */
  readonly error: unknown;
  /** Seconds until the next attempt is accepted. */
  readonly wait: number;
};
