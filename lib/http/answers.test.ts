import { expect, test } from "vitest";
import { okList } from "./answers";

test("a list is answered as JSON wherever the rest had its empty list", async () => {
  const rest = { at: 1, items: [], nextCursor: null };
  const answer = await okList(rest, ["a", "b"], (item) => ({ item }));
  expect(await answer.json()).toEqual({ at: 1, nextCursor: null, items: [{ item: "a" }, { item: "b" }] });
  expect(await (await okList(rest, [], String)).json()).toEqual({ at: 1, nextCursor: null, items: [] });
});
