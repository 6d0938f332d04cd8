import type { AuthHost } from "@/lib/domain/ports/accounts";
import type { Actor, Audits } from "@/lib/domain/ports/audit";

/**
 * Seals all secrets with another key, and forgets the one before.
 * @returns how many were sealed again
 * @throws AppError SECRET_KEY_GIVEN when the key is not the data folder's own
 */
export async function rotateKey(ctx: Pick<AuthHost, "rotateSecretKey"> & Audits & Actor): Promise<number> {
  const sealed = await ctx.rotateSecretKey();
  await ctx.recordAudit({ actor: ctx.actor, action: "secret_key.rotated", details: { sealed } });
  return sealed;
}
