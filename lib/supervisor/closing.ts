/** How far an orderly end has come. */
export type Closing = {
  /** Nothing new is started from here on. */
  begin(): void;
  /** Whoever is still being asked to end is killed now. */
  hurry(): void;
  /** The budget is spent. */
  giveUp(): void;
  readonly begun: boolean;
  readonly hurried: boolean;
  readonly over: AbortSignal;
};

export function closing(): Closing {
  const over = new AbortController();
  let begun = false;
  let hurried = false;
  return {
    begin: () => {
      begun = true;
    },
    hurry: () => {
      hurried = true;
    },
    giveUp: () => over.abort(),
    get begun() {
      return begun;
    },
    get hurried() {
      return hurried;
    },
    over: over.signal,
  };
}
