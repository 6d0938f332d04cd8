/** The product broke a promise: the session stops here, and what led to it is kept. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** @throws Violation */
export function demand(kept: boolean, broken: () => string): asserts kept {
  if (!kept) throw new Violation(broken());
}
