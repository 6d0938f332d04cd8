import type * as OpenId from "openid-client";
import type { Discovered } from "./provider-discovery";
import { isClientRefused } from "./provider-failures";

type Way = "client_secret_basic" | "client_secret_post";

export type ClientSecret = {
  authentication(openId: typeof OpenId): OpenId.ClientAuth;
  /** What `grant` answers, which may be asked twice. */
  withEither<Result>(found: Discovered, grant: () => Promise<Result>): Promise<Result>;
};

/**
 * How the provider is shown the client's secret: in a header, or in the body. Some accept only the way the client was registered for, and say
 * that they accept both, so what is refused is tried the other way, and what was accepted is kept. A refusal costs nothing: the code is still
 * good then, since who the client is comes first.
 * @param secret null: a public client, which has PKCE alone
 */
export function clientSecret(secret: string | null): ClientSecret {
  /** null: as the provider says. */
  let learnt: Way | null = null;
  const wayFor = (server: OpenId.ServerMetadata) => learnt ?? usualWay(server);
  return {
    authentication: (openId) => {
      if (secret === null) return openId.None();
      const ways = {
        client_secret_basic: openId.ClientSecretBasic(secret),
        client_secret_post: openId.ClientSecretPost(secret),
      };
      return (server, ...more) => ways[wayFor(server)](server, ...more);
    },
    withEither: async ({ openId, config }, grant) => {
      const used = wayFor(config.serverMetadata());
      try {
        return await grant();
      } catch (error) {
        if (secret === null || learnt === used || !isClientRefused(openId, error)) throw error;
      }
      learnt = used === "client_secret_basic" ? "client_secret_post" : "client_secret_basic";
      try {
        return await grant();
      } catch (error) {
        if (isClientRefused(openId, error)) learnt = null;
        throw error;
      }
    },
  };
}

/** In a header, where a provider does not say: OpenID Connect Discovery 1.0, 3. */
function usualWay({ token_endpoint_auth_methods_supported: ways }: OpenId.ServerMetadata): Way {
  const onlyPost = ways?.includes("client_secret_post") === true && !ways.includes("client_secret_basic");
  return onlyPost ? "client_secret_post" : "client_secret_basic";
}
