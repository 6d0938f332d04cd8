import { expect } from "vitest";
import type { z } from "zod";

/** A view has every field of its contract in its form, and none besides. */
export function expectAsPromised(contract: z.ZodType, view: unknown): void {
  expect(contract.parse(view)).toEqual(view);
}
