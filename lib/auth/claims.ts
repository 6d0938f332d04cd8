import type { ProvidedPerson } from "@/lib/domain/ports/identities";

export type Claims = Readonly<Record<string, unknown>>;

/**
 * The groups in a claim.
 * @param path the claim's name, which may have dots in it (`https://example.org/groups`), or a path to it (`realm_access.roles`)
 * @returns null: the claim is not there, so it may be somewhere else
 */
export function groupsIn(claims: Claims, path: string): readonly string[] | null {
  const value = claims[path] ?? at(claims, path.split("."));
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : null;
}

function at(value: unknown, [first, ...rest]: readonly string[]): unknown {
  if (first === undefined) return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, first) ? at(Reflect.get(value, first), rest) : undefined;
}

/** What a name can be made of, the best first. The subject always is there, and says nothing to people. */
export function namesIn(claims: Claims, more: Claims): ProvidedPerson["names"] {
  const wanted = ["preferred_username", "email", "sub"];
  return wanted
    .map((name) => claims[name] ?? more[name])
    .filter((value) => typeof value === "string")
    .filter((value) => value !== "");
}

/** Whether a name for people is among them. */
export function hasName({ preferred_username, email }: Claims): boolean {
  return typeof preferred_username === "string" || typeof email === "string";
}
