import { seededRandom } from "../seeded-random";

/** The choices of one step: a function of seed and step alone, whatever the steps before have come to. */
export type Chance = {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** True so often, from 0 to 1. */
  often(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
};

export function chanceOf(seed: number, step: number): Chance {
  // Neighbouring seeds and steps must not have anything in common.
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b));
  random();
  return {
    below: (limit) => Math.floor(random() * limit),
    often: (share) => random() < share,
    pick<Item>(items: readonly Item[]): Item {
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw new Error("Expected something to choose from.");
      return item;
    },
  };
}
