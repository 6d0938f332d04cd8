import { type AppError, isAppError } from "@/lib/domain/errors";
import type { SignOutThere } from "@/lib/domain/ports/identities";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import type { ProviderSettings } from "@/lib/domain/sign-in-settings";
import { type Discovered, type DiscoveryNeeds, discoverNow } from "./provider-discovery";
import { newSecret } from "./secrets";

/** Where the provider sends the browser back to. */
const SIGNED_OUT = "/api/v1/oidc/signed-out";
/** A person waits, and is signed out here already. */
const TIMEOUT_MS = 2_000;
/** It travels in an address, which servers refuse from 8,192 bytes on. */
const LONGEST_TOKEN = 6_000;

type Needs = {
  readonly about: DiscoveryNeeds;
  readonly origin: string;
  readonly onFailure: (refusal: AppError) => void;
  readonly inBounds: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/** OpenID Connect RP-Initiated Logout 1.0. */
export function signOutAt({ about, origin, onFailure, inBounds }: Needs) {
  const needs = { ...about, timeoutMs: Math.min(about.timeoutMs, TIMEOUT_MS) };
  return async (hint: string | null): Promise<SignOutThere | null> => {
    const [issuer, token] = hint === null ? [needs.settings.issuer, null] : (JSON.parse(hint) as Hint);
    if (issuer !== needs.settings.issuer) return null;
    try {
      const found = await inBounds(() => discoverNow(needs));
      if (found.config.serverMetadata().end_session_endpoint === undefined) return { can: "nothing" };
      const state = newSecret();
      const url = addressAt(found, {
        // Without it the provider asks the person whom to sign out.
        ...(token === null ? {} : { id_token_hint: token }),
        post_logout_redirect_uri: `${origin}${SIGNED_OUT}`,
        state,
      });
      return { can: "sign-out", url, state };
    } catch (error) {
      onFailure(isAppError(error) ? error : signInProblem("OIDC_FAILED", { why: "end_session_endpoint" }));
      return { can: "unknown" };
    }
  };
}

/** It has to be by TLS, as the rest; the library sees to that, and puts the client's id to it. @throws what the library throws */
function addressAt({ openId, config }: Discovered, parameters: Readonly<Record<string, string>>): string {
  return openId.buildEndSessionUrl(config, parameters).href;
}

/** With whose it is: another provider may be configured by the time of signing out. */
export function hintOf(
  { config }: Discovered,
  { issuer, signOutThere }: Pick<ProviderSettings, "issuer" | "signOutThere">,
  idToken: string | undefined,
): string | null {
  if (!signOutThere) return null;
  const isOfUse = config.serverMetadata().end_session_endpoint !== undefined;
  const token = isOfUse && idToken !== undefined && idToken.length <= LONGEST_TOKEN ? idToken : null;
  return JSON.stringify([issuer, token] satisfies Hint);
}

type Hint = readonly [issuer: string, idToken: string | null];
