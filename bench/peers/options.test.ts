import { expect, test } from "vitest";
import { optionsOf } from "./options.mjs";

test("without words all is asked of the four that need least", () => {
  expect(optionsOf({})).toEqual({
    peers: ["bare", "unstuck", "supervisord", "pm2"],
    scenarios: ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10"],
    out: undefined,
    variant: undefined,
    passes: 1,
    capMs: 900_000,
  });
});

test("lists are taken apart", () => {
  const words = { peer: "unstuck,pm2", scenarios: "S4,S10", passes: "3", out: "rows.jsonl", cap: "60" };
  expect(optionsOf(words)).toMatchObject({
    peers: ["unstuck", "pm2"],
    scenarios: ["S4", "S10"],
    passes: 3,
    out: "rows.jsonl",
    capMs: 60_000,
  });
});

test.each([
  [{ peer: "pm3" }, 'Expected bare, unstuck, supervisord, pm2, scrapyd, cronicle for --peer; found "pm3".'],
  [{ scenarios: "S1,S11" }, /for --scenarios; found "S11"/],
  [{ passes: "0" }, 'Expected a whole number from 1 for --passes; found "0".'],
])("what is not known is refused: %o", (words, sentence) => {
  expect(() => optionsOf(words)).toThrow(sentence);
});
