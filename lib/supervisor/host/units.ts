import { readFileSync } from "node:fs";

export type HostUnits = { readonly pageBytes: number; readonly msPerTick: number };

const AT_PAGE_SIZE = 6;
const AT_CLOCK_TICKS = 17;

/** What the kernel tells every program about itself (getauxval(3)): pairs of 64-bit numbers. */
export function hostUnits(): HostUnits {
  const told = new Map<number, number>();
  try {
    const pairs = readFileSync("/proc/self/auxv");
    for (let at = 0; at + 16 <= pairs.length; at += 16)
      told.set(Number(pairs.readBigUInt64LE(at)), Number(pairs.readBigUInt64LE(at + 8)));
  } catch {
    // Not Linux, or a /proc that hides it: nearly everywhere it is these.
  }
  return { pageBytes: told.get(AT_PAGE_SIZE) ?? 4_096, msPerTick: 1_000 / (told.get(AT_CLOCK_TICKS) ?? 100) };
}
