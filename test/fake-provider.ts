import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Way = "client_secret_basic" | "client_secret_post" | "none";

/** What a test may change at any time. */
type How = {
  /** What it says about itself instead. */
  metadata: Record<string, unknown>;
  /** Of the ID token, over what is usual. A claim that is undefined is left out. */
  claims: Record<string, unknown>;
  /** null: it has no such endpoint. */
  userInfo: Record<string, unknown> | null;
  /** The one way it accepts a client in, whatever it says. */
  accepts: Way;
  /** Whether it says so in a header, too. */
  challenges: boolean;
  /** Who signs the ID token. */
  key: KeyObject;
  /** It takes the request and never answers. */
  silentAt: string | null;
};

export type FakeProvider = {
  readonly origin: string;
  readonly how: How;
  /** Paths it was asked for, in order. */
  readonly asked: string[];
  /** The person has signed in: what the browser is sent back with. */
  authorize(url: string): URLSearchParams;
  close(): Promise<void>;
};

const CLIENT = { id: "unstuck", secret: "a secret:with/all %&+" };
export const CLIENT_SECRET = CLIENT.secret;

type Given = {
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string | null;
};

/**
 * A provider of OpenID Connect that does everything wrong that it is told to. A real one, which does not, is in test/integration/oidc.test.ts.
 */
export async function fakeProvider(): Promise<FakeProvider> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const how: How = {
    ...{
      metadata: {},
      claims: {},
      userInfo: { sub: "s-1" },
      accepts: "client_secret_basic",
      challenges: false,
    },
    ...{ key: privateKey, silentAt: null },
  };
  const codes = new Map<string, Given>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "";
    asked.push(path);
    if (path !== how.silentAt) void answer(path, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    };
    if (path === "/.well-known/openid-configuration") return send(200, about(origin, how));
    if (path === "/jwks")
      return send(200, {
        keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "ES256", use: "sig" }],
      });
    if (path === "/userinfo") return send(200, how.userInfo);
    if (path !== "/token") return send(404, {});
    const body = new URLSearchParams(await textOf(request));
    if (clientBy(request, body) !== how.accepts)
      return send(401, { error: "invalid_client" }, how.challenges ? { "www-authenticate": "Basic" } : {});
    const code = body.get("code") ?? "";
    const given = codes.get(code);
    codes.delete(code);
    if (given === undefined || !isTheirs(given, body)) return send(400, { error: "invalid_grant" });
    send(200, { access_token: "access", token_type: "Bearer", id_token: idToken(origin, given.nonce, how) });
  }

  return {
    ...{ origin, how, asked },
    authorize: (address) => {
      const query = new URL(address).searchParams;
      const code = `code-${codes.size}-${asked.length}`;
      codes.set(code, {
        nonce: query.get("nonce"),
        challenge: query.get("code_challenge"),
        redirectUri: query.get("redirect_uri"),
      });
      return new URLSearchParams({ code, state: query.get("state") ?? "" });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function about(origin: string, { metadata, userInfo }: How) {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/jwks`,
    ...(userInfo && { userinfo_endpoint: `${origin}/userinfo` }),
    id_token_signing_alg_values_supported: ["ES256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    ...metadata,
  };
}

function clientBy({ headers }: IncomingMessage, body: URLSearchParams): Way | null {
  const form = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  const basic = Buffer.from(`${form(CLIENT.id)}:${form(CLIENT.secret)}`).toString("base64");
  if (headers.authorization !== undefined)
    return headers.authorization === `Basic ${basic}` ? "client_secret_basic" : null;
  if (body.get("client_id") !== CLIENT.id) return null;
  if (!body.has("client_secret")) return "none";
  return body.get("client_secret") === CLIENT.secret ? "client_secret_post" : null;
}

function isTheirs({ challenge, redirectUri }: Given, body: URLSearchParams): boolean {
  const made = createHash("sha256")
    .update(body.get("code_verifier") ?? "")
    .digest("base64url");
  return made === challenge && body.get("redirect_uri") === redirectUri;
}

function idToken(origin: string, nonce: string | null, { claims, key }: How): string {
  const now = Math.floor(Date.now() / 1_000);
  const usual = { iss: origin, sub: "s-1", aud: CLIENT.id, iat: now, exp: now + 60, nonce };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "ES256", kid: "1" })}.${part({ ...usual, ...claims })}`;
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
