import type { Sealing } from "@/lib/domain/sealing";

/** The key may have been changed while it waited to be written. */
export function sealedNow(sealing: Sealing, sealed: string, about: string): string {
  return sealing.isCurrent(sealed) ? sealed : sealing.seal(sealing.unseal(sealed, about), about);
}
