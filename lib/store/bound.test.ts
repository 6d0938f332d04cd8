import { expect, test } from "vitest";
import { bound, timed } from "./bound";
import type { Store } from "./transaction";

const store = { is: "the store" } as unknown as Store;

test("a repository's call has the store inside, and is given the rest as it comes", () => {
  const { find, count } = bound(store, {
    find: (of: Store, id: string, max?: number) => [of, id, max],
    count: (of: Store) => of,
  });
  expect(find("one", 3)).toEqual([store, "one", 3]);
  expect(find("one")).toEqual([store, "one", undefined]);
  expect(count()).toBe(store);
});

test("a timed call is given the time at which it is called, behind what it is given", () => {
  let now = 1_000;
  const { save } = timed(store, () => now, { save: (_: Store, row: string, at: number) => ({ row, at }) });
  expect(save("first")).toEqual({ row: "first", at: 1_000 });
  now = 2_000;
  expect(save("second")).toEqual({ row: "second", at: 2_000 });
});

test("what a call throws or answers later comes through", async () => {
  const { fail, later } = bound(store, {
    fail: (_: Store) => {
      throw new Error("locked");
    },
    later: async (_: Store, what: string) => what,
  });
  expect(fail).toThrow("locked");
  await expect(later("row")).resolves.toBe("row");
});
