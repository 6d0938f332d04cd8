import type * as OpenId from "openid-client";
import type { ProviderSettings } from "@/lib/domain/sign-in-settings";
import { toRefusal } from "./provider-failures";

/** The library with what the provider has said about itself. */
export type Discovered = {
  readonly openId: typeof OpenId;
  readonly config: OpenId.Configuration;
  readonly at: number;
};

/** What a provider says about itself changes rarely. */
const KNOWN_FOR_MS = 3_600_000;

export type DiscoveryNeeds = {
  readonly settings: Pick<ProviderSettings, "issuer" | "clientId">;
  readonly authentication: (openId: typeof OpenId) => OpenId.ClientAuth;
  /** For this call and all that follow. */
  readonly timeoutMs: number;
  readonly now: () => number;
};

/**
 * The library is loaded at once, and kept: a new build may replace its file below the running dashboard. The provider is asked when someone signs
 * in first, once for all who come at the same time. What fails is asked again by the next.
 * @returns throws AppError OIDC_UNREACHABLE, OIDC_ISSUER_WRONG, OIDC_FAILED
 */
export function discovery(needs: DiscoveryNeeds): () => Promise<Discovered> {
  const { now } = needs;
  const library = import("openid-client");
  // Reported to the one who signs in.
  library.catch(() => undefined);
  let known: Promise<Discovered> | null = null;
  const provider = async (): Promise<Discovered> => {
    const asked = known ?? library.then((openId) => ask(needs, openId));
    known = asked;
    const forget = () => {
      if (known === asked) known = null;
    };
    const found = await asked.catch((error: unknown) => {
      forget();
      throw error;
    });
    if (Math.abs(now() - found.at) < KNOWN_FOR_MS) return found;
    forget();
    return provider();
  };
  return provider;
}

/** Asked now, whatever is known: whether it is there at this moment. @returns throws as `discovery` */
export async function discoverNow(needs: DiscoveryNeeds): Promise<Discovered> {
  return ask(needs, await import("openid-client"));
}

async function ask(
  { settings, authentication, timeoutMs, now }: DiscoveryNeeds,
  openId: typeof OpenId,
): Promise<Discovered> {
  const { issuer, clientId } = settings;
  const execute = [
    // The signature of the ID token, too, which TLS would vouch for.
    openId.enableNonRepudiationChecks,
    // The configuration accepts http:// for this machine only.
    ...(issuer.startsWith("http:") ? [openId.allowInsecureRequests] : []),
  ];
  const options = { timeout: timeoutMs / 1_000, execute };
  try {
    const config = await openId.discovery(
      new URL(issuer),
      clientId,
      undefined,
      authentication(openId),
      options,
    );
    return { openId, config, at: now() };
  } catch (error) {
    throw toRefusal(openId, error);
  }
}
