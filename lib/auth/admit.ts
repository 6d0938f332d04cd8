import { type Client, can, type GrantedJob, hasAny, type Identity, type Role } from "@/lib/domain/access";
import { AppError, isAppError } from "@/lib/domain/errors";
import { type JobId, parseJobId, parseRunId, type RunId } from "@/lib/domain/ids";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import type { Admission, Admit, AskedFor } from "@/lib/slot.mjs";
import { everyone, type Identify, OWNER } from "./identify";
import type { ProxyUsers } from "./proxy-users";
import { type Found, ruleFor } from "./rules";

export type AdmitNeeds = {
  readonly identify: Omit<Identify, "namedBy">;
  /** null: no proxy signs people in. */
  readonly proxied: ProxyUsers | null;
  readonly clientOf: (peer: string | undefined, headers: AskedFor["headers"]) => Client;
  /** Accounts are switched off. */
  readonly open: boolean;
  readonly hasUsers: () => boolean;
  /** null: there is none. */
  readonly jobOf: (id: JobId) => Promise<GrantedJob | null>;
  readonly jobOfRun: (id: RunId) => Promise<GrantedJob | null>;
  /** A call of a program that did not say who it is. */
  readonly noteCall: (asked: AskedFor, path: string, client: Client) => void;
  readonly recordRefusal: (who: Identity, entry: Omit<AuditEntry, "actor">) => void;
  readonly toResponse: (error: unknown) => Response;
};

type Decision =
  | Omit<Extract<Admission, { as: unknown }>, "secure">
  | { readonly refusal: Response }
  | { readonly goTo: string };

/** Whether a request may be answered, and in whose name: decided here for pages, API and socket alike. */
export function admission(needs: AdmitNeeds): Admit {
  const { identify, proxied, open } = needs;

  /** An error: a proxy names someone who is not let in. */
  async function whoAsks(asked: AskedFor, client: Client): Promise<Identity | AppError | null> {
    const named = proxied?.take(asked) ?? null;
    if (asked.byOwner) return OWNER;
    if (open) return everyone(client);
    const { authorization, cookie } = asked.headers;
    // A program that names its token means it: a cookie beside it changes nothing. Other schemes are a proxy's matter.
    if (isBearer(authorization)) return identify.tokenOf(authorization, client);
    const who =
      (named === null ? null : await proxied?.userOf(named, client)) ?? identify.sessionOf(cookie, client);
    if (who !== null && !isSafe(asked.method) && !isOwnPage(asked)) throw foreign();
    return who;
  }

  async function allowed(who: Identity, { rule, params }: Found): Promise<boolean> {
    if (rule === "public" || rule === "signed-in") return true;
    if (rule === "viewer some") return hasAny(who.access);
    const [role = "admin", of] = rule.split(" ") as [Role, ("job" | "run")?];
    if (can(who.access, role, null)) return true;
    // Grants are for jobs; without one there is nothing to look up.
    if (of === undefined || who.access.grants.length === 0) return false;
    const job = await theJob(of, params);
    return job !== null && can(who.access, role, job);
  }

  /** What there is not, and what cannot be an id, is refused like what is someone else's. */
  async function theJob(of: "job" | "run", params: Found["params"]): Promise<GrantedJob | null> {
    if (of === "job") {
      const id = parseJobId(decoded(params.job ?? ""));
      return id === null ? null : needs.jobOf(id);
    }
    const id = parseRunId(decoded(params.run ?? ""));
    return id === null ? null : needs.jobOfRun(id);
  }

  async function decide(asked: AskedFor, client: Client): Promise<Decision> {
    const path = pathOf(asked.url);
    const found = ruleFor(asked.method, path);
    const who = await whoAsks(asked, client);
    const isPage = !/^\/(?:api|health|demo)(?:\/|$)/.test(path);
    if (isAppError(who)) {
      if (found.rule === "public") return { as: { who: null, client } };
      if (!isPage) return { refusal: needs.toResponse(who) };
      return { goTo: `/sign-in?problem=${who.code}` };
    }
    const as = { who, client };
    if (found.rule === "public") return { as };
    if (who === null) {
      if (!isPage) {
        needs.noteCall(asked, path, client);
        return { refusal: needs.toResponse(signedOut(asked)) };
      }
      if (!needs.hasUsers()) return { goTo: "/set-up" };
      return { goTo: `/sign-in?next=${encodeURIComponent(withoutInner(asked.url))}` };
    }
    if (who.mustChange && !OWN_ACCOUNT.test(path))
      return isPage ? { goTo: "/account" } : { refusal: needs.toResponse(passwordFirst()) };
    if (await allowed(who, found)) return { as };
    const { rule } = found;
    const details = { method: asked.method, path: path.slice(0, 200), needed: rule };
    // What a browser fetches ahead was not asked for by anyone.
    if (asked.headers["next-router-prefetch"] === undefined)
      needs.recordRefusal(who, { action: "access.refused", refused: true, details });
    if (isPage) return { goTo: `/not-allowed?page=${encodeURIComponent(path)}` };
    return { refusal: needs.toResponse(notAllowed(who, rule)) };
  }

  return async (asked) => {
    const client = needs.clientOf(asked.byOwner ? undefined : asked.peer, asked.headers);
    const { secure } = client;
    try {
      return { ...(await decide(asked, client)), secure };
    } catch (error) {
      return { refusal: needs.toResponse(error), secure };
    }
  };
}

/** Where a password is changed. */
const OWN_ACCOUNT = /^\/(?:account|api\/v1\/account(?:\/[\w/-]+)?)\/?$/;

function isBearer(authorization: string | undefined): boolean {
  return /^bearer\b/i.test(authorization ?? "");
}

function isSafe(method: string): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(method);
}

/**
 * A browser hands our cookie to whatever asks, so a request that changes something has to say that a page of ours sent it. The host guard has
 * refused foreign origins before (server/host-guard.mjs); here none at all is not enough either.
 */
function isOwnPage({ headers }: AskedFor): boolean {
  return headers.origin !== undefined || headers["sec-fetch-site"] === "same-origin";
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

/** What the router of Next adds to an address is not the page's. */
function withoutInner(url: string): string {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  searchParams.delete("_rsc");
  const query = searchParams.toString();
  return query === "" ? pathname : `${pathname}?${query}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function signedOut({ headers }: AskedFor): AppError {
  const message = !isBearer(headers.authorization)
    ? "You are not signed in. Sign in at /sign-in, or send a token: Authorization: Bearer unstuck_…"
    : "The token is not valid: unknown, revoked or expired. An admin can make another on the page Tokens.";
  return new AppError("SIGNED_OUT", message);
}

function notAllowed({ name, access }: Identity, rule: string): AppError {
  const [role] = rule.split(" ");
  const has = access.role === null ? "a role for some jobs only" : `the role ${access.role}`;
  const message = `${name} has ${has}; this needs the role ${role}${rule.endsWith("job") || rule.endsWith("run") ? " for the job" : ""}. Ask an admin. Nothing was changed.`;
  return new AppError("NOT_ALLOWED", message, { needed: role });
}

function passwordFirst(): AppError {
  const message = "Your password was set by someone else. Choose your own on the page Account first.";
  return new AppError("PASSWORD_CHANGE_NEEDED", message);
}

function foreign(): AppError {
  return new AppError(
    "FOREIGN_ORIGIN",
    "The request carries a session but does not say which page sent it (no Origin header). Programs use a token instead.",
  );
}
