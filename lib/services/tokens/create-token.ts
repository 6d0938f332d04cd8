import { type Access, accessInWords } from "@/lib/domain/access";
import type { ApiTokens, AuthHost } from "@/lib/domain/ports/accounts";
import type { Actor } from "@/lib/domain/ports/audit";
import type { Here } from "@/lib/domain/ports/host";
import type { NewIds } from "@/lib/domain/ports/runs";
import { type ApiToken, makeTokenId } from "@/lib/domain/user";
import { refuseReserved } from "../commands/user-rules";

type Needs = Pick<ApiTokens, "insertToken"> &
  Pick<AuthHost, "newApiToken" | "hashOf"> &
  Pick<NewIds, "entropy"> &
  Pick<Here, "now"> &
  Actor;

/** `expiresInDays` null: never. */
export type NewTokenRequest = Access & { readonly name: string; readonly expiresInDays: number | null };

const DAY_MS = 86_400_000;

/** A way in for a program. `secret` is known this once: only its hash is kept. @throws AppError INVALID_INPUT for a name that the history uses */
export async function createToken(
  ctx: Needs,
  { name, role, grants, expiresInDays }: NewTokenRequest,
): Promise<{ readonly token: ApiToken; readonly secret: string }> {
  refuseReserved(name);
  const now = ctx.now();
  const secret = ctx.newApiToken();
  const id = makeTokenId(ctx.entropy(20));
  const expiresAt = expiresInDays === null ? null : now + expiresInDays * DAY_MS;
  const details = { token: name, id, after: { access: accessInWords({ role, grants }) } };
  const token = await ctx.insertToken(
    { id, hash: ctx.hashOf(secret), name, role, grants, createdBy: ctx.actor, expiresAt },
    { actor: ctx.actor, action: "token.created", details },
    now,
  );
  return { token, secret };
}
