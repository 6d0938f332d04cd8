import type { ProvidedPerson, SignInProvider, SignInWish, SignOutThere } from "@/lib/domain/ports/identities";
import { parseRoleRules } from "@/lib/domain/role-rules";
import { signInProblem } from "@/lib/domain/sign-in-problems";

export const ISSUER = "https://login.example.org";
export const ORIGIN = "https://unstuck.example.org";
export const DAY_MS = 86_400_000;

export function aPerson(subject: string, changes: Partial<ProvidedPerson> = {}): ProvidedPerson {
  return { issuer: ISSUER, subject, names: [subject], groups: [], signOutHint: null, ...changes };
}

type Given = {
  readonly person?: ProvidedPerson | (() => Promise<ProvidedPerson>);
  /** As UNSTUCK_OIDC_ROLES; null: roles are those of here. */
  readonly roles?: string | null;
  readonly signOutThere?: boolean;
  /** What becomes of signing out there. */
  readonly there?: (hint: string | null) => SignOutThere | null;
};

/**
 * A provider without a protocol: what the browser keeps is the wish itself, and everyone who comes back with the state `ok` is the one person
 * that was handed in.
 */
export function aProvider({
  person = aPerson("ada"),
  roles = "admin=ops,viewer=*",
  signOutThere = true,
  there = () => ({ can: "nothing" }),
}: Given = {}): SignInProvider {
  return {
    name: "Example",
    origin: ORIGIN,
    roles: roles === null ? null : parseRoleRules(roles).rules,
    sessionMs: DAY_MS,
    signOutThere,
    beginSignOut: async (hint) => there(hint),
    begin: async (wish, kept) => ({ url: `${ISSUER}/authorize`, keep: JSON.stringify([wish, kept]) }),
    resume: (query, kept) => {
      if (kept === null) throw signInProblem("OIDC_NOT_STARTED");
      if (query !== "state=ok") throw signInProblem("OIDC_STATE_WRONG");
      const [wish] = JSON.parse(kept) as [SignInWish];
      return { wish, keep: null, person: async () => (typeof person === "function" ? person() : person) };
    },
  };
}
