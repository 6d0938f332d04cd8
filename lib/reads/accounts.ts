import type { z } from "zod";
import { asking } from "@/lib/asking";
import { booted } from "@/lib/booted";
import type { AccountView, SessionAnswer, SessionList, UserList } from "@/lib/contracts/account";
import type { TokenList } from "@/lib/contracts/api-token";
import type { AuditPage, AuditQuery } from "@/lib/contracts/audit";
import { can } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/errors";
import type { AuditFilter } from "@/lib/domain/ports/accounts";
import type { Asker } from "@/lib/domain/ports/audit";
import {
  toAccountView,
  toAuditView,
  toMeView,
  toSessionView,
  toTokenView,
  toUserView,
} from "@/lib/http/account-views";
import { requestContext } from "@/lib/runtime";
import { getAccount } from "@/lib/services/accounts/get-account";
import { listOwnSessions } from "@/lib/services/accounts/own-sessions";
import { listAudit } from "@/lib/services/audit/list-audit";
import { listTokens } from "@/lib/services/tokens/list-tokens";
import { listUsers } from "@/lib/services/users/list-users";

/** Who asks, as far as that is known. Never throws, whatever state the process is in. */
export function readSession(): SessionAnswer {
  const by = asking();
  const state = booted();
  const app = state !== null && "app" in state ? state.app : null;
  const who = by?.who ?? null;
  const provider = app?.auth.host.signInProvider ?? null;
  return {
    me: who === null ? null : toMeView(who),
    setUp: app !== null && !app.config.open && !app.auth.hasUsers(),
    secure: by?.client.secure ?? false,
    oidc: provider && { name: provider.name },
  };
}

/** @throws AppError SIGNED_OUT */
export async function readAccount(ctx = requestContext()): Promise<AccountView> {
  return toAccountView(await getAccount(ctx));
}

/** Of who asks. @throws AppError NO_ACCOUNT */
export async function readSessions(ctx = requestContext()): Promise<z.infer<typeof SessionList>> {
  return { items: (await listOwnSessions(ctx)).map(toSessionView) };
}

/** @throws AppError NOT_ALLOWED */
export async function readUsers(ctx = requestContext()): Promise<z.infer<typeof UserList>> {
  onlyForAdmins(ctx);
  return { items: (await listUsers(ctx)).map(toUserView) };
}

/** @throws AppError NOT_ALLOWED */
export async function readTokens(ctx = requestContext()): Promise<z.infer<typeof TokenList>> {
  onlyForAdmins(ctx);
  const now = ctx.now();
  return { items: (await listTokens(ctx)).map((token) => toTokenView(token, now)) };
}

type Query = z.output<typeof AuditQuery>;

/** @throws AppError NOT_ALLOWED */
export async function readAudit(query: Query, ctx = requestContext()): Promise<z.infer<typeof AuditPage>> {
  onlyForAdmins(ctx);
  const page = await listAudit(ctx, toAuditFilter(query), query);
  return { ...page, items: page.items.map(toAuditView) };
}

/** The table of rules has said so already (lib/auth/rules.ts); what is worth most has two locks. */
function onlyForAdmins({ who }: Asker): void {
  if (who !== null && can(who.access, "admin", null)) return;
  throw new AppError("NOT_ALLOWED", "This needs the role admin.", { needed: "admin" });
}

export function toAuditFilter(query: Omit<Query, "limit" | "cursor">): AuditFilter {
  const { actor = null, action = null, job = null, outcome = null, since, until } = query;
  return {
    ...{ actor, action, jobId: job, outcome },
    since: since === undefined ? null : Date.parse(since),
    until: until === undefined ? null : Date.parse(until),
  };
}
