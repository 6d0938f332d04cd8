import { timingSafeEqual } from "node:crypto";

/**
 * The only comparison of tokens. `eslint.config.mjs` refuses one by `===` anywhere else: that ends at the first wrong character, and
 * so tells how much of a guess was right. It stands here because the domain and the services may not import `node:crypto`.
 */
export function sameToken(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  // How long a token is, is no secret.
  return a.length === b.length && timingSafeEqual(a, b);
}
