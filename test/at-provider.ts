import { expect } from "vitest";
import type { Browser } from "./browser";
import { CLIENT } from "./real-provider";
import { type Answer, startServer, type TestServer } from "./server";

/** Signing in at a provider, as people do it: by a browser that follows redirects. */

const CALLBACK = "/api/v1/oidc/callback";

const AT_PROVIDER = {
  UNSTUCK_AUTH: "",
  UNSTUCK_OIDC_CLIENT_ID: CLIENT.id,
  UNSTUCK_OIDC_CLIENT_SECRET: CLIENT.secret,
  UNSTUCK_OIDC_SCOPES: "openid profile groups",
  UNSTUCK_OIDC_ROLES: "admin=ops-admins,operator=ops|dev,viewer=staff",
};

export function serverAt(issuer: string, env: Record<string, string> = {}): Promise<TestServer> {
  return startServer({ env: { ...AT_PROVIDER, UNSTUCK_OIDC_ISSUER: issuer, ...env } });
}

/** To the provider and back: the page it ends on. */
export function enter(server: TestServer, one: Browser, next = "/jobs"): Promise<string> {
  return followed(server, one, `${server.origin}/api/v1/oidc/start?next=${encodeURIComponent(next)}`);
}

/** From an address to the page of the dashboard it ends on. */
export async function followed(server: TestServer, one: Browser, address: string): Promise<string> {
  const isOurs = ({ origin, pathname }: URL) =>
    origin === server.origin && !pathname.startsWith("/api/v1/oidc/");
  const { pathname, search } = await one.follow(address, isOurs);
  return `${pathname}${search}`;
}

/**
 * As far as the provider's last word: the address it sends the browser back to.
 * @param change of what the provider is asked
 */
export async function untilBack(
  server: TestServer,
  one: Browser,
  change = (url: string) => url,
): Promise<URL> {
  const started = await one.get(`${server.origin}/api/v1/oidc/start?next=/jobs`);
  const address = change(started.headers.get("location") ?? "");
  return one.follow(address, ({ origin, pathname }) => origin === server.origin && pathname === CALLBACK);
}

/** Where an answer of the provider leads to. */
export async function ended(one: Browser, answer: URL): Promise<string> {
  return (await one.get(answer)).headers.get("location") ?? expect.fail(`${answer.href} led nowhere.`);
}

/** Who is signed in; null: no one. */
export async function me(server: TestServer, one: Browser): Promise<Answer> {
  return JSON.parse((await one.get(`${server.origin}/api/v1/session`)).body).me;
}

/** Signs out here. @returns where the page goes to then; null: it stays with the page "Sign in" */
export async function signOutHere(server: TestServer, one: Browser): Promise<string | null> {
  const { status, body } = await one.send("DELETE", `${server.origin}/api/v1/session`);
  if (status === 204) return null;
  expect(status, body).toBe(200);
  return JSON.parse(body).goTo;
}

/** Presses Yes on the provider's page. @returns where it sends the browser to */
export async function confirmSignOut(one: Browser, address: string): Promise<string> {
  const { body } = await one.get(address);
  const [, action = "", xsrf = ""] = /action="([^"]+)".*?name="xsrf" value="([^"]+)"/s.exec(body) ?? [];
  const { headers } = await one.submit(action, { xsrf, logout: "yes" });
  return headers.get("location") ?? expect.fail(`It led nowhere: ${body}`);
}

/** With name and password. */
export async function withPassword(
  server: TestServer,
  one: Browser,
  name: string,
  password: string,
): Promise<void> {
  const { status } = await one.send("POST", `${server.origin}/api/v1/session`, { name, password });
  expect(status).toBe(200);
}
