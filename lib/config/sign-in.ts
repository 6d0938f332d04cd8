import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { ROLES, type Role } from "@/lib/domain/access";
import { parseRoleRules, type RoleRule } from "@/lib/domain/role-rules";
import type { ProviderSettings, ProxySettings } from "@/lib/domain/sign-in-settings";
import type { ListenConfig } from "@/server/listen-config.mjs";

/** Ways to sign in besides a password. null: that one is not used. */
export type SignInConfig = {
  readonly provider: ProviderSettings | null;
  readonly proxy: ProxySettings | null;
  /** The origin under which people open the dashboard; null: where it listens. */
  readonly publicUrl: string | null;
};

type Env = NodeJS.ProcessEnv;
type Report = (problem: string) => void;

const HOUR_MS = 3_600_000;
const LONGEST_SESSION_HOURS = 720;

/** @param listen null: it has problems of its own */
export function readSignIn(
  env: Env,
  listen: ListenConfig | null,
): { readonly config: SignInConfig; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const report: Report = (problem) => problems.push(problem);
  const publicUrl = publicUrlOf(env, listen, report);
  const provider = providerOf(env, report);
  const proxy = proxyOf(env, listen, report);
  if (provider !== null && listen !== null) {
    if (publicUrl === null && isOpenedAsMore(listen))
      report(
        "UNSTUCK_PUBLIC_URL: expected the address under which people open the dashboard, to which the provider sends them back. Example: UNSTUCK_PUBLIC_URL=https://unstuck.example.org",
      );
    if (listen.open)
      report("UNSTUCK_OIDC_ISSUER: no one signs in with UNSTUCK_AUTH=off. Leave one of them out");
  }
  return { config: { provider, proxy, publicUrl }, problems };
}

function providerOf(env: Env, report: Report): ProviderSettings | null {
  const { UNSTUCK_OIDC_ISSUER: issuer = "", UNSTUCK_OIDC_CLIENT_ID: clientId = "" } = env;
  const { UNSTUCK_OIDC_SCOPES, UNSTUCK_OIDC_ROLE_CLAIM, UNSTUCK_OIDC_NAME } = env;
  if (issuer === "") {
    if (clientId !== "")
      report(
        "UNSTUCK_OIDC_ISSUER: expected it with UNSTUCK_OIDC_CLIENT_ID. Example: UNSTUCK_OIDC_ISSUER=https://login.example.org",
      );
    return null;
  }
  const url = URL.parse(issuer);
  if (url === null || !isSafe(url) || url.search !== "" || url.hash !== "")
    report(
      `UNSTUCK_OIDC_ISSUER: expected an https address (http on this machine only) without ? and #, found "${issuer}". Example: UNSTUCK_OIDC_ISSUER=https://login.example.org`,
    );
  if (clientId === "")
    report(
      "UNSTUCK_OIDC_CLIENT_ID: expected the id under which the provider knows this dashboard. Example: UNSTUCK_OIDC_CLIENT_ID=unstuck",
    );
  const scopes = (UNSTUCK_OIDC_SCOPES || "openid profile email").split(/\s+/).filter((scope) => scope !== "");
  if (!scopes.includes("openid"))
    report(
      "UNSTUCK_OIDC_SCOPES: expected openid among them. Example: UNSTUCK_OIDC_SCOPES=openid profile email groups",
    );
  return {
    issuer,
    clientId,
    clientSecret: clientSecretOf(env, report),
    name: UNSTUCK_OIDC_NAME || (url?.host ?? issuer),
    scopes: scopes.join(" "),
    roleClaim: UNSTUCK_OIDC_ROLE_CLAIM || "groups",
    roles: rulesOf(env, "UNSTUCK_OIDC_ROLES", report),
    sessionMs: sessionHours(env, report) * HOUR_MS,
    signOutThere: signOutThere(env, report),
  };
}

function clientSecretOf(env: Env, report: Report): string | null {
  const { UNSTUCK_OIDC_CLIENT_SECRET: secret = "", UNSTUCK_OIDC_CLIENT_SECRET_FILE: file = "" } = env;
  if (file === "") return secret === "" ? null : secret;
  if (secret !== "") report("UNSTUCK_OIDC_CLIENT_SECRET_FILE: leave it or UNSTUCK_OIDC_CLIENT_SECRET out");
  try {
    const text = readFileSync(file, "utf8").trim();
    if (text !== "") return text;
    report(`UNSTUCK_OIDC_CLIENT_SECRET_FILE: expected a secret in ${file}, found nothing`);
  } catch (error) {
    report(`UNSTUCK_OIDC_CLIENT_SECRET_FILE: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

function sessionHours({ UNSTUCK_OIDC_SESSION_HOURS: text = "" }: Env, report: Report): number {
  const hours = text === "" ? 24 : Number(text);
  if (/^\d{0,3}$/.test(text) && hours >= 1 && hours <= LONGEST_SESSION_HOURS) return hours;
  report(
    `UNSTUCK_OIDC_SESSION_HOURS: expected whole hours from 1 to ${LONGEST_SESSION_HOURS}, found "${text}". Example: UNSTUCK_OIDC_SESSION_HOURS=24`,
  );
  return 24;
}

function signOutThere({ UNSTUCK_OIDC_SIGN_OUT: text = "" }: Env, report: Report): boolean {
  if (text !== "" && text !== "provider" && text !== "local")
    report(
      `UNSTUCK_OIDC_SIGN_OUT: expected provider or local, found "${text}". Example: UNSTUCK_OIDC_SIGN_OUT=local`,
    );
  return text !== "local";
}

/** @returns null: it is not set */
function rulesOf(env: Env, name: string, report: Report): readonly RoleRule[] | null {
  const text = env[name] ?? "";
  if (text.trim() === "") return null;
  const { rules, problems } = parseRoleRules(text);
  for (const problem of problems)
    report(`${name}: ${problem}. Example: ${name}=admin=ops-admins,operator=ops|dev,viewer=*`);
  return rules;
}

/** Those that mean something else, and those of which Node keeps only the first where there are two. */
const TAKEN =
  /^(?:accept|accept-.*|age|authorization|connection|content-.*|cookie|etag|expires|forwarded|from|host|if-.*|last-modified|location|max-forwards|origin|proxy-authorization|referer|retry-after|sec-.*|server|set-cookie|transfer-encoding|upgrade|user-agent|x-forwarded-(?:for|proto))$/;

function proxyOf(env: Env, listen: ListenConfig | null, report: Report): ProxySettings | null {
  const header = headerOf(env, "UNSTUCK_TRUSTED_HEADER", "x-remote-user", report);
  const groupsHeader = headerOf(env, "UNSTUCK_TRUSTED_HEADER_GROUPS", "x-remote-groups", report);
  const roles = rulesOf(env, "UNSTUCK_TRUSTED_HEADER_ROLES", report);
  if ((groupsHeader === null) !== (roles === null))
    report(
      "UNSTUCK_TRUSTED_HEADER_GROUPS: expected it with UNSTUCK_TRUSTED_HEADER_ROLES. Example: UNSTUCK_TRUSTED_HEADER_ROLES=admin=ops-admins,viewer=*",
    );
  if (header === null) {
    if (groupsHeader !== null)
      report(
        "UNSTUCK_TRUSTED_HEADER: expected it with UNSTUCK_TRUSTED_HEADER_GROUPS. Example: UNSTUCK_TRUSTED_HEADER=x-remote-user",
      );
    return null;
  }
  if (listen !== null && listen.trustedProxies.length === 0)
    report(
      "UNSTUCK_TRUSTED_PROXIES: expected the addresses of the proxies that may send UNSTUCK_TRUSTED_HEADER; without them anyone could. Example: UNSTUCK_TRUSTED_PROXIES=10.0.0.7",
    );
  const groups = groupsHeader === null || roles === null ? null : { header: groupsHeader, roles };
  return { header, role: roleOf(env, report), groups };
}

/** Lower case, as Node names them; null: not set, or not usable. */
function headerOf(env: Env, name: string, example: string, report: Report): string | null {
  const header = (env[name] ?? "").toLowerCase();
  if (header === "") return null;
  if (/^[a-z0-9][a-z0-9-]{0,60}$/.test(header) && !TAKEN.test(header)) return header;
  report(
    `${name}: expected the name of a header that means nothing else, found "${env[name]}". Example: ${name}=${example}`,
  );
  return null;
}

/** Of users that the header names first. */
function roleOf({ UNSTUCK_TRUSTED_HEADER_ROLE: text = "" }: Env, report: Report): Role | null {
  if (text === "none") return null;
  const role = ROLES.find((known) => known === (text === "" ? "viewer" : text));
  if (role !== undefined) return role;
  report(
    `UNSTUCK_TRUSTED_HEADER_ROLE: expected ${ROLES.join(", ")} or none, found "${text}". Example: UNSTUCK_TRUSTED_HEADER_ROLE=viewer`,
  );
  return null;
}

function publicUrlOf(
  { UNSTUCK_PUBLIC_URL: text = "" }: Env,
  listen: ListenConfig | null,
  report: Report,
): string | null {
  if (text === "") return null;
  const url = URL.parse(text);
  if (url === null || !isSafe(url) || `${url.origin}/` !== url.href) {
    report(
      `UNSTUCK_PUBLIC_URL: expected an https origin (http on this machine only) without a path, found "${text}". Example: UNSTUCK_PUBLIC_URL=https://unstuck.example.org`,
    );
    return null;
  }
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (listen !== null && !listen.allowedHosts.includes(name) && !(listen.beyondLoopback && isIP(name) !== 0))
    report(`UNSTUCK_PUBLIC_URL: ${name} is not a name of this dashboard. Add it: UNSTUCK_HOSTS=${name}`);
  return url.origin;
}

/** Passwords, codes and cookies go there. */
function isSafe({ protocol, hostname, username, password }: URL): boolean {
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** By more than the names of this machine. */
function isOpenedAsMore({ beyondLoopback, trustedProxies, allowedHosts }: ListenConfig): boolean {
  return (
    beyondLoopback ||
    trustedProxies.length > 0 ||
    allowedHosts.some((name) => !["localhost", "127.0.0.1", "::1"].includes(name))
  );
}
