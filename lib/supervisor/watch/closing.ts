/** How far an orderly end has come. */
export type Closing = {
  /** Nothing new is started from here on. */
  begin(): void;
  /** How long the runs may still take by themselves. @param at on the monotonic clock */
  limit(at: number): void;
  /** Processes still being asked to end are killed now. */
  hurry(): void;
  /** The budget is spent. */
  giveUp(): void;
  readonly begun: boolean;
  readonly hurried: boolean;
  /** On the monotonic clock; infinity while nothing is closing. */
  readonly patientUntil: number;
  readonly over: AbortSignal;
};

export function closing(): Closing {
  const over = new AbortController();
  let begun = false;
  let hurried = false;
  let patientUntil = Number.POSITIVE_INFINITY;
  return {
    begin: () => {
      begun = true;
    },
    limit: (at) => {
      patientUntil = at;
    },
    hurry: () => {
      hurried = true;
    },
    giveUp: () => over.abort(),
    get begun() {
      return begun;
    },
    get patientUntil() {
      return patientUntil;
    },
    get hurried() {
      return hurried;
    },
    over: over.signal,
  };
}
