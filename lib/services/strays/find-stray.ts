import { AppError } from "@/lib/domain/errors";
import type { StrayWatch } from "@/lib/domain/ports/outside";
import { type Stray, toIdentity } from "@/lib/domain/stray";

export type FindStray = Pick<StrayWatch, "findStray">;

/** @throws AppError STRAY_NOT_FOUND */
export async function getStray(ctx: FindStray, id: string): Promise<Stray> {
  const stray = await ctx.findStray(toIdentity(id));
  if (stray !== null) return stray;
  throw new AppError(
    "STRAY_NOT_FOUND",
    `There is no stray ${id}: that process has ended, its number has a new owner, or a run owns it by now. Nothing was signalled. List the strays again.`,
    { stray: id },
  );
}
