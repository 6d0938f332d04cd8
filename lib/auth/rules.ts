import { addRoute, createRouter, findRoute } from "rou3";
import type { Role } from "@/lib/domain/access";

/**
 * Who may ask what: the one table, for the API and for pages. `test/house/access-table.test.ts` walks the real routes and pages and fails when
 * one has no entry.
 *
 * - `public`: without signing in
 * - `signed-in`: everyone who has signed in, by a session, a token or the socket
 * - a role: for everything
 * - `viewer some`: a list; who has a role for some jobs only is shown those
 * - a role and `job`, `run`: for that job, which a grant can give, or for the job of that run
 *
 * What a body may ask for beyond that (force, free arguments) is in the route (`demands`, lib/http/route.ts).
 */
export type Rule =
  | "public"
  | "signed-in"
  | Role
  | "viewer some"
  | `${Exclude<Role, "admin">} ${"job" | "run"}`;

type Rules = Readonly<Record<string, Readonly<Partial<Record<Method, Rule>>>>>;
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

export const API_RULES = {
  "/demo/shop/[[...path]]": { GET: "public" },
  "/health": { GET: "public" },
  "/api/v1/account": { GET: "signed-in" },
  "/api/v1/account/identity": { POST: "signed-in", DELETE: "signed-in" },
  "/api/v1/account/password": { PUT: "signed-in" },
  "/api/v1/account/second-factor": { POST: "signed-in", PUT: "signed-in", DELETE: "signed-in" },
  "/api/v1/account/sessions": { GET: "signed-in", DELETE: "signed-in" },
  "/api/v1/account/sessions/[session]": { DELETE: "signed-in" },
  "/api/v1/alerts": { GET: "viewer" },
  "/api/v1/alerts/[alert]/acknowledge": { POST: "operator" },
  "/api/v1/audit": { GET: "admin" },
  "/api/v1/audit/export": { GET: "admin" },
  "/api/v1/cleanup/plans": { GET: "viewer", POST: "operator" },
  "/api/v1/cleanup/plans/[plan]": { GET: "viewer" },
  "/api/v1/cleanup/plans/[plan]/abort": { POST: "operator" },
  "/api/v1/cleanup/plans/[plan]/apply": { POST: "operator" },
  "/api/v1/cleanup/plans/[plan]/items": { GET: "viewer" },
  "/api/v1/cleanup/plans/[plan]/undo": { POST: "operator" },
  "/api/v1/deletion/plans": { POST: "admin" },
  "/api/v1/deletion/plans/[plan]/apply": { POST: "admin" },
  "/api/v1/demo": { POST: "admin" },
  "/api/v1/doctor": { GET: "admin" },
  "/api/v1/environment": { GET: "operator", PUT: "admin" },
  "/api/v1/folder": { GET: "viewer" },
  "/api/v1/folder/confirm": { POST: "admin" },
  "/api/v1/holds": { GET: "viewer some", POST: "operator" },
  "/api/v1/holds/[hold]": { DELETE: "operator" },
  "/api/v1/imports": { POST: "admin" },
  "/api/v1/jobs": { GET: "viewer some", POST: "admin" },
  "/api/v1/jobs/[job]": { GET: "viewer job", PATCH: "admin", DELETE: "admin" },
  "/api/v1/jobs/[job]/cleanups": { GET: "viewer job" },
  "/api/v1/jobs/[job]/schedules": { GET: "viewer job", POST: "admin" },
  "/api/v1/jobs/[job]/schedules/[schedule]": { GET: "viewer job", PATCH: "admin", DELETE: "admin" },
  "/api/v1/jobs/[job]/schedules/[schedule]/slots": { GET: "viewer job" },
  "/api/v1/schedules": { GET: "viewer some" },
  "/api/v1/schedules/preview": { POST: "signed-in" },
  "/api/v1/schedules/upcoming": { GET: "viewer some" },
  "/api/v1/jobs/[job]/environment": { GET: "operator job" },
  "/api/v1/jobs/[job]/exec": { POST: "admin" },
  "/api/v1/jobs/[job]/precheck": { GET: "viewer job" },
  "/api/v1/jobs/[job]/recovery": { GET: "viewer job" },
  "/api/v1/jobs/[job]/recovery/retry": { POST: "operator job" },
  "/api/v1/jobs/[job]/recovery/stop": { POST: "operator job" },
  "/api/v1/jobs/[job]/reset": { POST: "operator job" },
  "/api/v1/jobs/[job]/restart": { POST: "operator job" },
  "/api/v1/jobs/[job]/start": { POST: "operator job" },
  "/api/v1/jobs/[job]/status": { GET: "viewer job" },
  "/api/v1/jobs/[job]/stop": { POST: "operator job" },
  "/api/v1/limits": { GET: "viewer" },
  "/api/v1/limits/[name]": { PUT: "admin", DELETE: "admin" },
  "/api/v1/locks": { GET: "viewer" },
  "/api/v1/locks/[name]/release": { POST: "operator" },
  // Whom the provider will name is not known before it has.
  "/api/v1/oidc/callback": { GET: "public" },
  "/api/v1/oidc/signed-out": { GET: "public" },
  "/api/v1/oidc/start": { GET: "public" },
  "/api/v1/runs": { GET: "viewer some" },
  "/api/v1/runs/[run]": { GET: "viewer run" },
  "/api/v1/runs/[run]/events": { GET: "viewer run" },
  // For the run's own token, which the route asks for.
  "/api/v1/runs/[run]/exec": { GET: "public", DELETE: "public" },
  "/api/v1/runs/[run]/log": { GET: "viewer run" },
  "/api/v1/runs/[run]/usage": { GET: "viewer run" },
  "/api/v1/secret-key/rotate": { POST: "admin" },
  // Who asks is told who they are, if they are anyone.
  "/api/v1/session": { GET: "public", POST: "public", DELETE: "public" },
  "/api/v1/set-up": { POST: "public" },
  "/api/v1/status": { GET: "viewer some" },
  "/api/v1/stop-all": { POST: "operator" },
  "/api/v1/strays": { GET: "viewer" },
  "/api/v1/strays/[stray]/adopt": { POST: "operator" },
  "/api/v1/strays/[stray]/stop": { POST: "operator" },
  "/api/v1/strays/pid-files/remove": { POST: "operator" },
  "/api/v1/stuck": { GET: "viewer" },
  "/api/v1/tokens": { GET: "admin", POST: "admin" },
  "/api/v1/tokens/[token]": { DELETE: "admin" },
  "/api/v1/users": { GET: "admin", POST: "admin" },
  "/api/v1/users/[user]": { PATCH: "admin", DELETE: "admin" },
  "/api/v1/users/[user]/password": { PUT: "admin" },
  "/api/v1/users/[user]/second-factor": { DELETE: "admin" },
  "/api/v1/users/[user]/sessions": { DELETE: "admin" },
} as const satisfies Rules;

export const PAGE_RULES = {
  "/": { GET: "viewer some" },
  "/account": { GET: "signed-in" },
  "/audit": { GET: "admin" },
  "/cleanups": { GET: "viewer" },
  "/cleanups/[plan]": { GET: "viewer" },
  "/jobs": { GET: "viewer some" },
  "/jobs/[job]": { GET: "viewer job" },
  "/jobs/[job]/edit": { GET: "admin" },
  "/jobs/new": { GET: "admin" },
  "/locks": { GET: "viewer" },
  "/not-allowed": { GET: "signed-in" },
  "/runs": { GET: "viewer some" },
  "/runs/[run]": { GET: "viewer run" },
  "/schedules": { GET: "viewer some" },
  "/set-up": { GET: "public" },
  "/sign-in": { GET: "public" },
  "/stuck": { GET: "viewer" },
  "/tokens": { GET: "admin" },
  "/users": { GET: "admin" },
} as const satisfies Rules;

/** Fonts, scripts and pictures, which are the same for everyone and in every installation. */
const ASSETS =
  /^\/_next\/static\/|^\/(?:icon(?:-[a-z0-9-]+)?|apple-icon|favicon)\.(?:svg|png|ico)$|^\/manifest\.webmanifest$/;

export type Found = { readonly rule: Rule; readonly params: Readonly<Record<string, string>> };

const router = createRouter<Rules[string]>();
for (const [path, rules] of Object.entries<Rules[string]>({ ...API_RULES, ...PAGE_RULES }))
  addRoute(router, "", path.replace(/\[\[\.\.\.\w+\]\]/, "**").replaceAll(/\[(\w+)\]/g, ":$1"), rules);

/**
 * The rule for a request. What is not in the table, a wrong path or a method that a path does not have, is told only to who has signed in. A page
 * is rendered for any method, so HEAD and those that the table does not name ask for what GET does.
 * @param path without its query
 */
export function ruleFor(method: string, path: string): Found {
  const key = `${method} ${path}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const found = lookUp(method, path);
  if (kept.size >= MOST_KEPT) kept.clear();
  if (key.length <= LONGEST_KEPT) kept.set(key, found);
  return found;
}

/** The same few paths are asked for all the time. */
const kept = new Map<string, Found>();
const MOST_KEPT = 2_000;
const LONGEST_KEPT = 200;

function lookUp(method: string, path: string): Found {
  if (!isPlain(path)) return { rule: "admin", params: {} };
  if (ASSETS.test(path)) return { rule: "public", params: {} };
  const found = findRoute(router, "", path);
  const known = METHODS.find((one) => one === method);
  const rule = (known && found?.data[known]) ?? found?.data.GET;
  return { rule: rule ?? "signed-in", params: found?.params ?? {} };
}

/** Whose path is read as it stands, by our own router. */
const OURS = /^\/(?:api|health|demo|_next\/static)(?:\/|$)/;

/**
 * Whether what answers takes the path for the same one as the table does. A URL resolves `..`, also as `%2e%2e`, and turns `\` around; Next looks
 * for the page of the decoded path too, so `/%75sers` is `/users`. No page has anything to encode in its path.
 */
function isPlain(path: string): boolean {
  if (!OURS.test(path) && !/^(?:\/[\w.~-]*)+$/.test(path)) return false;
  return URL.parse(path, "http://localhost")?.pathname === path;
}
