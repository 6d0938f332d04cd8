import { AppError } from "@/lib/domain/errors";
import { ownPage } from "@/lib/domain/own-page";
import type { Asker } from "@/lib/domain/ports/audit";
import type { ProviderHost, SignInProvider } from "@/lib/domain/ports/identities";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import { confirmedUser } from "./change-password";
import { currentSession } from "./open-session";

/** Where the browser is sent to, and what it keeps until it is back. */
export type StartedAtProvider = { readonly url: string; readonly keep: string };

/**
 * @param next the page to go to afterwards; another site's is not gone to
 * @param kept what the browser keeps of other sign-ins
 * @throws AppError OIDC_OFF, OIDC_UNREACHABLE, OIDC_ISSUER_WRONG, OIDC_FAILED
 */
export async function startSignIn(
  ctx: ProviderHost,
  next: string | undefined,
  kept: string | null,
): Promise<StartedAtProvider> {
  return providerOf(ctx).begin({ next: ownPage(next), link: null }, kept);
}

type LinkNeeds = ProviderHost & Asker & Parameters<typeof confirmedUser>[0];

/**
 * Begins to link whom the provider will name to the user who asks. With the password once more, since it is another way in: a page that is left
 * open is not enough, nor a link that another site makes someone follow.
 * @param host under which the page was opened
 * @throws AppError NO_ACCOUNT, PASSWORD_WRONG, TOO_MANY_ATTEMPTS, FOREIGN_HOST, and as `startSignIn`
 */
export async function startLinking(
  ctx: LinkNeeds,
  { password, host }: { readonly password: string; readonly host: string },
  kept: string | null,
): Promise<StartedAtProvider> {
  const provider = providerOf(ctx);
  if (currentSession(ctx) === null) throw noSession();
  // The session's cookie would not be there when the provider sends the browser back.
  if (new URL(provider.origin).host !== host) throw elsewhere(provider.origin);
  const user = await confirmedUser(ctx, password);
  return provider.begin({ next: "/account", link: user.id }, kept);
}

/** @throws AppError OIDC_OFF */
export function providerOf({ signInProvider }: ProviderHost): SignInProvider {
  if (signInProvider === null) throw signInProblem("OIDC_OFF");
  return signInProvider;
}

function noSession(): AppError {
  return new AppError(
    "NO_ACCOUNT",
    "Expected a user who has signed in with a password here. Sign in at /sign-in first.",
  );
}

function elsewhere(origin: string): AppError {
  return new AppError(
    "FOREIGN_HOST",
    `The provider sends people back to ${origin}. Open the dashboard there to link.`,
  );
}
