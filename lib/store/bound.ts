import type { Store } from "./transaction";

type Call = (store: Store, ...given: never[]) => unknown;
type Bound<Of> = Of extends (store: Store, ...given: infer Given) => infer Result
  ? (...given: Given) => Result
  : never;
type Timed<Of> = Of extends (store: Store, ...given: [...infer Given, number]) => infer Result
  ? (...given: Given) => Result
  : never;

/** The same calls without their first argument, the store. */
export function bound<Calls extends Readonly<Record<string, Call>>>(store: Store, calls: Calls) {
  return each(
    calls,
    (call) =>
      (...given) =>
        call(store, ...given),
  ) as {
    readonly [Name in keyof Calls]: Bound<Calls[Name]>;
  };
}

/** Without their last one too, the time. */
export function timed<Calls extends Readonly<Record<string, Call>>>(
  store: Store,
  clock: () => number,
  calls: Calls,
) {
  return each(
    calls,
    (call) =>
      (...given) =>
        call(store, ...given, clock() as never),
  ) as {
    readonly [Name in keyof Calls]: Timed<Calls[Name]>;
  };
}

function each(
  calls: Readonly<Record<string, Call>>,
  bind: (call: Call) => (...given: never[]) => unknown,
): object {
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, bind(call)]));
}
