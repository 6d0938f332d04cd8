/**
 * The only two functions that look at a token. `eslint.config.mjs` refuses a comparison by `===` anywhere else: that one ends
 * at the first wrong character, and so tells how much of a guess was right.
 */

/** The token of an `Authorization: Bearer …` header; null when it has none. The scheme's case does not matter (RFC 9110, 11.1). */
export function bearerToken(header: string | null | undefined): string | null {
  return /^Bearer +([0-9a-z]{1,64}) *$/i.exec(header ?? "")?.[1] ?? null;
}

/** Takes the same time wherever two tokens of one length differ. */
export function sameToken(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at++) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}
