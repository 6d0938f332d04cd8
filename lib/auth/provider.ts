import type { AuthorizationCodeGrantChecks, IDToken } from "openid-client";
import { type AppError, isAppError } from "@/lib/domain/errors";
import type { ProvidedPerson, SignInProvider } from "@/lib/domain/ports/identities";
import type { Sealing } from "@/lib/domain/sealing";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import type { ProviderSettings } from "@/lib/domain/sign-in-settings";
import { type Claims, groupsIn, hasName, namesIn } from "./claims";
import { type ClientSecret, clientSecret } from "./client-secret";
import { type PendingSignIn, pendingSignIns } from "./pending-sign-ins";
import { type Discovered, discovery } from "./provider-discovery";
import { toRefusal } from "./provider-failures";
import { newSecret } from "./secrets";
import { hintOf, signOutAt } from "./sign-out-at-provider";

export type ProviderNeeds = {
  readonly settings: ProviderSettings;
  /** Under which people open the dashboard. */
  readonly origin: string;
  readonly sealing: Pick<Sealing, "seal" | "unseal">;
  readonly now: () => number;
  /** For those who run the dashboard: people are told less. */
  readonly onFailure: (refusal: AppError) => void;
  /** For tests. */
  readonly timeoutMs?: number;
};

/** Where the provider sends the browser back to. */
const CALLBACK = "/api/v1/oidc/callback";
/** For each call: the person waits before an empty page meanwhile. */
const TIMEOUT_MS = 5_000;
/** Each is some calls to the provider, which anyone who can reach us may set going. */
const MOST_AT_ONCE = 16;

/** OpenID Connect: the code flow with PKCE, state and nonce. */
export function signInProvider(needs: ProviderNeeds): SignInProvider {
  const { settings, origin, sealing, now, onFailure, timeoutMs = TIMEOUT_MS } = needs;
  const redirectUri = `${origin}${CALLBACK}`;
  const pending = pendingSignIns(sealing, now);
  const secret = clientSecret(settings.clientSecret);
  const { authentication } = secret;
  const about = { settings, authentication, timeoutMs, now };
  const discovered = discovery(about);
  const inBounds = atMost(MOST_AT_ONCE);
  const noted = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (isAppError(error)) onFailure(error);
      throw error;
    }
  };
  return {
    ...{ name: settings.name, origin, roles: settings.roles, sessionMs: settings.sessionMs },
    signOutThere: settings.signOutThere,
    begin: (wish, kept) =>
      noted(async () => {
        const found = await discovered();
        const mine = { ...wish, state: newSecret(), nonce: newSecret(), verifier: newSecret(), at: now() };
        const url = await addressAt(found, mine, { redirect_uri: redirectUri, scope: settings.scopes });
        return { url, keep: pending.seal([mine, ...pending.open(kept)]) ?? "" };
      }),
    resume: (query, kept) => {
      const waiting = pending.open(kept);
      if (waiting.length === 0) throw signInProblem("OIDC_NOT_STARTED");
      const state = new URLSearchParams(query).get("state");
      const mine = waiting.find((one) => one.state === state);
      if (mine === undefined) throw signInProblem("OIDC_STATE_WRONG");
      const answer = new URL(`${redirectUri}?${query}`);
      const person = async () => personAt(await discovered(), { settings, secret, answer, mine });
      return {
        wish: { next: mine.next, link: mine.link },
        keep: pending.seal(waiting.filter((one) => one !== mine)),
        person: () => noted(() => inBounds(person)),
      };
    },
    beginSignOut: signOutAt({ about, origin, onFailure, inBounds }),
  };
}

async function addressAt(
  { openId, config }: Discovered,
  { state, nonce, verifier }: PendingSignIn,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const challenge = await openId.calculatePKCECodeChallenge(verifier);
  const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
  try {
    return openId.buildAuthorizationUrl(config, { ...parameters, ...pkce, state, nonce }).href;
  } catch (error) {
    throw toRefusal(openId, error);
  }
}

type Answered = {
  readonly settings: ProviderSettings;
  readonly secret: ClientSecret;
  readonly answer: URL;
  readonly mine: PendingSignIn;
};

/** The code for tokens, and those for who someone is. Of the tokens only the ID token may be kept, for signing out. */
async function personAt(
  found: Discovered,
  { settings, secret, answer, mine }: Answered,
): Promise<ProvidedPerson> {
  const { openId, config } = found;
  const { roleClaim } = settings;
  // RFC 9207: the answer of one provider must not go to another.
  const issuer = answer.searchParams.get("iss");
  if (issuer !== null && issuer !== config.serverMetadata().issuer)
    throw signInProblem("OIDC_ISSUER_WRONG", { why: "iss" });
  try {
    const grant = () => openId.authorizationCodeGrant(config, answer, checksOf(mine));
    const tokens = await secret.withEither(found, grant);
    const claims = tokens.claims();
    if (claims === undefined) throw signInProblem("OIDC_FAILED", { why: "no ID token" });
    const more = isEnough(claims, settings) ? {} : await userInfo(found, tokens.access_token, claims.sub);
    return {
      ...{ issuer: claims.iss, subject: claims.sub },
      names: namesIn(claims, more),
      groups: groupsIn(claims, roleClaim) ?? groupsIn(more, roleClaim) ?? [],
      signOutHint: hintOf(found, settings, tokens.id_token),
    };
  } catch (error) {
    throw isAppError(error) ? error : toRefusal(openId, error);
  }
}

/** Made for each try: the library writes into it. */
function checksOf({ state, nonce, verifier }: PendingSignIn): AuthorizationCodeGrantChecks {
  return { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
}

function isEnough(claims: IDToken, { roles, roleClaim }: ProviderSettings): boolean {
  return hasName(claims) && (roles === null || groupsIn(claims, roleClaim) !== null);
}

/** What a provider does not put into the ID token. */
async function userInfo(
  { openId, config }: Discovered,
  accessToken: string,
  subject: string,
): Promise<Claims> {
  if (config.serverMetadata().userinfo_endpoint === undefined) return {};
  return openId.fetchUserInfo(config, accessToken, subject);
}

/** So many at the same time. @returns throws AppError SIGN_IN_BUSY */
function atMost(count: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let going = 0;
  return async (work) => {
    if (going >= count) throw signInProblem("SIGN_IN_BUSY");
    going += 1;
    try {
      return await work();
    } finally {
      going -= 1;
    }
  };
}
