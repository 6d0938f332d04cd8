import type { SignInWish } from "@/lib/domain/ports/identities";
import type { Sealing } from "@/lib/domain/sealing";
import type { UserId } from "@/lib/domain/user";

/** A sign-in that waits for its browser to come back from the provider. */
export type PendingSignIn = SignInWish & {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Epoch milliseconds. */
  readonly at: number;
};

/** How long someone may take at the provider. */
export const PENDING_MS = 10 * 60_000;

const ABOUT = "sign-ins at the provider";
/** Tabs of one browser that sign in at the same time. */
const MOST = 3;
/** Browsers keep 4,096 bytes with name and attributes. */
const MOST_BYTES = 3_800;

export type PendingSignIns = {
  /** Those that may still come back, the newest first. None: nothing is kept, or nothing that opens. */
  open(kept: string | null): readonly PendingSignIn[];
  /** @returns null: there are none */
  seal(pending: readonly PendingSignIn[]): string | null;
};

/**
 * They lie in a cookie, sealed: so a sign-in belongs to the browser that has started it, and there is no table that anyone who knows the
 * address could fill.
 */
export function pendingSignIns(sealing: Pick<Sealing, "seal" | "unseal">, now: () => number): PendingSignIns {
  const isOpen = ({ at }: PendingSignIn) => Math.abs(now() - at) < PENDING_MS;
  const seal = (pending: readonly PendingSignIn[]): string | null => {
    const kept = pending.slice(0, MOST);
    if (kept.length === 0) return null;
    const sealed = sealing.seal(JSON.stringify(kept.map(toRow)), ABOUT);
    return sealed.length <= MOST_BYTES ? sealed : seal(kept.slice(0, -1));
  };
  return {
    seal,
    open: (kept) => {
      const text = kept === null ? null : unsealed(sealing, kept);
      return text === null ? [] : (JSON.parse(text) as Row[]).map(toPending).filter(isOpen);
    },
  };
}

/** Made up, or sealed with a key that is gone. */
function unsealed({ unseal }: Pick<Sealing, "unseal">, kept: string): string | null {
  try {
    return unseal(kept, ABOUT);
  } catch {
    return null;
  }
}

/** Without names: it travels with every request to the provider and back. */
type Row = readonly [
  state: string,
  nonce: string,
  verifier: string,
  at: number,
  next: string,
  link: string | null,
];

function toRow({ state, nonce, verifier, at, next, link }: PendingSignIn): Row {
  return [state, nonce, verifier, at, next, link];
}

function toPending([state, nonce, verifier, at, next, link]: Row): PendingSignIn {
  return { state, nonce, verifier, at, next, link: link as UserId | null };
}
