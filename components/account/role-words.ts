import { accessSentences, NO_ROLE_LABEL, ROLE_LABEL } from "@/components/access/access-words";
import type { MeView } from "@/lib/contracts/account";

type Access = Pick<MeView, "role" | "grants">;

/** In a word or two, for a menu. */
export function roleInBrief({ role, grants }: Access): string {
  if (role !== null) return ROLE_LABEL[role];
  return grants.length === 0 ? "No role" : NO_ROLE_LABEL;
}

/** What the grants amount to, all of them; "" when there is none. @param titleOf job id → how it is called */
export function grantsInWords({ grants }: Access, titleOf: (job: string) => string): string {
  return grants.length === 0
    ? ""
    : accessSentences({ role: null, grants }, titleOf, Number.POSITIVE_INFINITY);
}
