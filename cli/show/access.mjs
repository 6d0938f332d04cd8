/** What a user or a token may do, in words: `admin`, or `operator for tag:shop`. As lib/domain/access.ts has it. */

/** @param {Pick<import("../../lib/contracts/account").MeView, "role" | "grants">} access */
export function accessText({ role, grants }) {
  const parts = [...(role === null ? [] : [role]), ...grants.map((grant) => `${grant.role} for ${grant.on}`)];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
