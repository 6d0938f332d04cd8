import { AppError } from "@/lib/domain/errors";
import type { ApiTokens } from "@/lib/domain/ports/accounts";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { ApiToken, TokenId } from "@/lib/domain/user";

/** It is refused from the next request on. Revoking it again changes nothing. @throws AppError TOKEN_NOT_FOUND */
export async function revokeToken(
  ctx: Pick<ApiTokens, "revokeToken" | "listTokens"> & Pick<Here, "now"> & Actor,
  id: TokenId,
): Promise<ApiToken> {
  const name = (await ctx.listTokens()).find((token) => token.id === id)?.name ?? null;
  const audit = { actor: ctx.actor, action: "token.revoked", details: { token: name, id } };
  const token = await ctx.revokeToken(id, ctx.actor, audit, ctx.now());
  if (token === null)
    throw new AppError("TOKEN_NOT_FOUND", "There is no such token. The page Tokens lists those there are.");
  return token;
}
