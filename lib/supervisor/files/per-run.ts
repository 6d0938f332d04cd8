/**
 * State that one room keeps of each run it looks after: made at the first question, and gone with the run.
 * @param make what is known of it before anything was seen
 * @returns the state of a run, always the same one
 */
export function perRun<Watched extends object, State extends object>(
  make: (watched: Watched) => State,
): (watched: Watched) => State {
  const states = new WeakMap<Watched, State>();
  return (watched) => {
    const known = states.get(watched);
    if (known !== undefined) return known;
    const state = make(watched);
    states.set(watched, state);
    return state;
  };
}
