import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration } from "oidc-provider";

export const CLIENT = { id: "unstuck", secret: "the-secret-of-the-client" };

/** Who signs in at the provider next, with what it says of them. `null`: they press Cancel. */
export type AtProvider = {
  readonly sub: string;
  readonly groups?: readonly string[];
  readonly name?: string;
} | null;

export type RealProvider = {
  readonly issuer: string;
  /** Who comes next, and what is said of those who have been there. */
  next: AtProvider;
  /** How often someone had to say who they are, since it did not know them by a cookie. */
  readonly askedCount: number;
  /** Once it is known where the dashboard listens. */
  serve(origin: string): void;
  close(): Promise<void>;
};

/**
 * A real provider of OpenID Connect on loopback, whose people need no password: `next` says who comes.
 * @param groupsIn where it puts the groups
 */
export async function realProvider(
  groupsIn: "ID token" | "userinfo",
  client: Readonly<Record<string, unknown>> = {},
): Promise<RealProvider> {
  let answer = (_: IncomingMessage, response: ServerResponse) => void response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const groups = new Map<string, AtProvider>();
  let askedCount = 0;
  const it: RealProvider = {
    issuer,
    next: null,
    get askedCount() {
      return askedCount;
    },
    serve: (origin) => {
      const provider = quietly(
        () => new Provider(issuer, configurationOf(it, groups, { origin, groupsIn, client })),
      );
      const handle = provider.callback();
      answer = (request, response) => {
        if (!request.url?.startsWith("/interaction/")) return void handle(request, response);
        askedCount += 1;
        void interact(provider, it, request, response);
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return it;
}

/** It warns of what is for development only. */
function quietly<Made>(make: () => Made): Made {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

type How = {
  readonly origin: string;
  readonly groupsIn: "ID token" | "userinfo";
  readonly client: Readonly<Record<string, unknown>>;
};

function configurationOf(
  it: RealProvider,
  seen: Map<string, AtProvider>,
  { origin, groupsIn, client }: How,
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${origin}/api/v1/oidc/callback`],
        post_logout_redirect_uris: [`${origin}/api/v1/oidc/signed-out`],
        ...client,
      },
    ],
    claims: { openid: ["sub"], profile: ["preferred_username"], groups: ["groups"] },
    conformIdTokenClaims: groupsIn === "userinfo",
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ["a key of the test"] },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_ctx, sub) => {
      // What is said of someone is what `next` said last.
      if (it.next?.sub === sub) seen.set(sub, it.next);
      const { name = sub, groups } = seen.get(sub) ?? {};
      const claims = { sub, preferred_username: name, ...(groups && { groups: [...groups] }) };
      return { accountId: sub, claims: () => claims };
    },
    // No one is asked whether they agree.
    loadExistingGrant: async (ctx) => {
      const { provider, session, client: asking } = ctx.oidc;
      if (session?.accountId === undefined || asking === undefined) return undefined;
      // The codes of one session are those of one grant.
      const before = session.grantIdFor(asking.clientId);
      const kept = before === undefined ? undefined : await provider.Grant.find(before);
      if (kept !== undefined) return kept;
      const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid profile groups");
      await grant.save();
      return grant;
    },
  };
}

/** It asks whether they want to sign out, as providers do. */
function logoutSource(ctx: { body: unknown }, form: string): void {
  const button = `<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`;
  ctx.body = `<!DOCTYPE html><title>Provider</title>${form}${button}`;
}

async function interact(
  provider: Provider,
  { next }: RealProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const result =
    next === null
      ? { error: "access_denied", error_description: "The person has pressed Cancel." }
      : { login: { accountId: next.sub } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
