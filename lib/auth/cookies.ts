import { SESSION_TIMES } from "@/lib/domain/user";
import { hashOf } from "./secrets";

export type SessionCookie = {
  /** @returns null: none came */
  read(header: string | undefined, secure: boolean): string | null;
  set(secret: string, secure: boolean): string;
  clear(secure: boolean): string;
};

/**
 * Browsers hand a cookie to every port of a host, so two dashboards on one host would sign each other out: the name carries a mark of the data
 * folder. Under TLS it also carries `__Host-`, which no other host of the domain can set.
 * @param folder what tells this data folder from others
 */
export function sessionCookie(folder: string): SessionCookie {
  const mark = markOf(folder);
  const nameOf = (secure: boolean) => `${secure ? "__Host-" : ""}unstuck-${mark}`;
  const attributes = (secure: boolean, seconds: number) => attributesOf("/", secure, seconds);
  return {
    read: (header, secure) => onlyValueOf(header ?? "", nameOf(secure), /^[\w-]{43}$/),
    set: (secret, secure) =>
      `${nameOf(secure)}=${secret}; ${attributes(secure, Math.floor(SESSION_TIMES.mostMs / 1_000))}`,
    clear: (secure) => `${nameOf(secure)}=; ${attributes(secure, 0)}`,
  };
}

export type ProviderCookie = {
  read(header: string | undefined): string | null;
  /** @param keep null: nothing any more */
  set(keep: string | null): string;
};

/** What a browser keeps while someone signs in at the provider, or signs out there. */
const PURPOSES = { "sign-in": "oidc", "sign-out": "oidc-out" } as const;

/** Where the provider sends the browser back to, and where it was sent from. */
const AT_PROVIDER = "/api/v1/oidc";

/**
 * `Lax`, since it is the provider's page that sends the browser back. Without TLS it goes to the two paths that need it; with TLS `__Host-`
 * counts for more, which wants the path `/`: no other host of the domain can put a sign-in of its own there.
 * @param secure whether people open the dashboard by TLS
 * @param keptMs how long it is kept
 */
export function providerCookie(
  purpose: keyof typeof PURPOSES,
  folder: string,
  secure: boolean,
  keptMs: number,
): ProviderCookie {
  const name = `${secure ? "__Host-" : ""}unstuck-${PURPOSES[purpose]}-${markOf(folder)}`;
  const path = secure ? "/" : AT_PROVIDER;
  return {
    read: (header) => onlyValueOf(header ?? "", name, /^[\w.-]{1,4000}$/),
    set: (keep) =>
      `${name}=${keep ?? ""}; ${attributesOf(path, secure, keep === null ? 0 : Math.floor(keptMs / 1_000))}`,
  };
}

function markOf(folder: string): string {
  return hashOf(folder).slice(0, 8);
}

function attributesOf(path: string, secure: boolean, seconds: number): string {
  return `Path=${path}; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? "; Secure" : ""}`;
}

/** Two of one name are none: one of them was put there by another host of the domain. */
function onlyValueOf(header: string, name: string, pattern: RegExp): string | null {
  const values = header
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && pattern.test(value) ? value : null;
}
