import type { AuthHost, Users } from "@/lib/domain/ports/accounts";
import type { Identities, ProvidedPerson, ProviderHost, ResumedSignIn } from "@/lib/domain/ports/identities";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import type { UserId } from "@/lib/domain/user";
import { currentSession, type OpenSessionNeeds, openSession } from "./open-session";
import { type ProviderUserNeeds, providerUser } from "./provider-user";
import { providerOf } from "./start-at-provider";

type Needs = OpenSessionNeeds &
  ProviderUserNeeds &
  ProviderHost &
  Pick<Users, "countUsers"> &
  Pick<Identities, "linkIdentity" | "noteIdentity"> &
  Pick<AuthHost, "forgetSetUpCode">;

export type Returned = {
  /** The page on which it was started, for what goes wrong. */
  readonly startedOn: "/sign-in" | "/account";
  /** Where the person wants to go. */
  readonly next: string;
  /** What the browser keeps from now on; null: nothing. */
  readonly keep: string | null;
  /**
   * Asks the provider, and signs in or links.
   * @param agent what the browser says it is
   * @returns the page to go to; `secret` null: no session was opened
   * @throws AppError OIDC_DENIED, OIDC_CODE_REFUSED, OIDC_NONCE_WRONG, OIDC_ISSUER_WRONG, OIDC_UNREACHABLE, OIDC_FAILED, OIDC_NO_ROLE,
   * OIDC_NOT_LINKED, OIDC_LINKED_ALREADY, USER_DISABLED, LAST_ADMIN, NO_ADMIN_YET, SIGN_IN_BUSY, SIGNED_OUT
   */
  finish(agent: string): Promise<{ readonly goTo: string; readonly secret: string | null }>;
};

/**
 * @param query as the provider has sent the browser back with it
 * @param kept what the browser has kept
 * @throws AppError OIDC_OFF, OIDC_NOT_STARTED, OIDC_STATE_WRONG
 */
export function returnFromProvider(ctx: Needs, query: string, kept: string | null): Returned {
  const resumed = providerOf(ctx).resume(query, kept);
  const { link, next } = resumed.wish;
  return {
    ...(link === null ? { startedOn: "/sign-in", next } : { startedOn: "/account", next: "/" }),
    keep: resumed.keep,
    finish: (agent) => (link === null ? signIn(ctx, resumed, agent) : linkTo(ctx, resumed, link)),
  };
}

/** A second factor of ours is not asked for: how people prove who they are is the provider's matter. */
async function signIn(ctx: Needs, { wish, person: ask }: ResumedSignIn, agent: string) {
  const provider = providerOf(ctx);
  const person = await ask();
  const isFirst = (await ctx.countUsers()) === 0;
  const user = await providerUser(ctx, provider, person);
  if (isFirst) ctx.forgetSetUpCode();
  await ctx.noteIdentity(person, ctx.now());
  const { issuer, subject, signOutHint } = person;
  const how = { mostMs: provider.sessionMs, details: { by: "provider", issuer, subject }, signOutHint };
  const { secret } = await openSession(ctx, user, "session.opened", agent, how);
  return { goTo: wish.next, secret };
}

/** Only to the user who has asked for it, and is still signed in. */
async function linkTo(ctx: Needs, { wish, person: ask }: ResumedSignIn, id: UserId) {
  if (currentSession(ctx) === null || ctx.who?.userId !== id) throw signInProblem("SIGNED_OUT");
  await link(ctx, id, await ask());
  return { goTo: wish.next, secret: null };
}

async function link(ctx: Needs, id: UserId, { issuer, subject }: ProvidedPerson): Promise<void> {
  const name = ctx.who?.name ?? "";
  const details = { user: name, issuer, subject };
  const audit = { actor: name, action: "user.identity_linked", details };
  switch (await ctx.linkIdentity(id, { issuer, subject }, audit, ctx.now())) {
    case "linked":
      return;
    case "unknown":
      throw signInProblem("SIGNED_OUT");
    default:
      await ctx.recordAudit({ ...audit, refused: true });
      throw signInProblem("OIDC_LINKED_ALREADY");
  }
}
