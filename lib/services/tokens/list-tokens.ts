import type { ApiTokens } from "@/lib/domain/ports/accounts";
import type { ApiToken } from "@/lib/domain/user";

/** Newest first, also those that are over. */
export function listTokens(ctx: Pick<ApiTokens, "listTokens">): Promise<readonly ApiToken[]> {
  return ctx.listTokens();
}
