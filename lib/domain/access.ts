import type { JobId } from "./ids";

/** What someone may do, from the least to the most: look; start and stop; everything. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** A role for one job or for all jobs with a tag: `job:nightly`, `tag:shop`. Administration is not given by the job. */
export type Grant = { readonly role: GrantedRole; readonly on: GrantTarget };
export const GRANTED_ROLES = ["viewer", "operator"] as const satisfies readonly Role[];
export type GrantedRole = (typeof GRANTED_ROLES)[number];
export type GrantTarget = `job:${string}` | `tag:${string}`;

/** `role`: for everything; null: only what the grants say. */
export type Access = { readonly role: Role | null; readonly grants: readonly Grant[] };

export const FULL_ACCESS: Access = { role: "admin", grants: [] };
export const NO_ACCESS: Access = { role: null, grants: [] };

/** What decides whether a grant is for a job. */
export type GrantedJob = { readonly id: JobId; readonly tags: readonly string[] };

export function atLeast(role: Role | null, needed: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/**
 * Whether that access is enough.
 * @param job whose matter it is; null: it concerns more than one job, so a grant is not enough
 */
export function can(access: Access, needed: Role, job: GrantedJob | null): boolean {
  return atLeast(roleFor(access, job), needed);
}

/** The highest role for a job: the one for everything, or a grant's. */
export function roleFor({ role, grants }: Access, job: GrantedJob | null): Role | null {
  if (job === null) return role;
  return grants
    .filter(({ on }) => isFor(on, job))
    .reduce<Role | null>((best, grant) => (atLeast(best, grant.role) ? best : grant.role), role);
}

/** Whether what the programs of a job write is not for who has that access: of a private one, only those read it who may start it. */
export function isLogHidden(job: GrantedJob & { readonly privateLog: boolean }, access: Access): boolean {
  return job.privateLog && !can(access, "operator", job);
}

function isFor(on: GrantTarget, { id, tags }: GrantedJob): boolean {
  return on.startsWith("job:") ? on === `job:${id}` : tags.some((tag) => on === `tag:${tag}`);
}

/** Whether it reaches some jobs at least. */
export function hasAny({ role, grants }: Access): boolean {
  return role !== null || grants.length > 0;
}

/** Whether there are jobs it does not reach, so that lists have to leave some out. */
export function isPartial({ role }: Access): boolean {
  return role === null;
}

/** By what someone asks. `proxy`: one in front has signed them in; `open`: accounts are switched off. */
export const WAYS_IN = ["session", "token", "proxy", "socket", "open"] as const;
export type WayIn = (typeof WAYS_IN)[number];

/** Who asks. Made in one place (lib/auth), from a request; everything else only reads it. */
export type Identity = {
  /** As the audit and the history of runs name them. */
  readonly name: string;
  readonly access: Access;
  readonly via: WayIn;
  /** Of the session or the token; null for other ways. */
  readonly viaId: string | null;
  /** null: not a user. */
  readonly userId: string | null;
  /** The password was set by someone else: until it is changed nothing else may be done. */
  readonly mustChange: boolean;
  readonly address: string | null;
};

/** Where a request comes from. */
export type Client = {
  /** null: not known, as through a Unix socket. */
  readonly address: string | null;
  /** Whether the browser spoke TLS, to a proxy that is believed. */
  readonly secure: boolean;
};

/** What goes with a request for as long as it is answered. `who` null: not signed in, which only public things take. */
export type Asking = { readonly who: Identity | null; readonly client: Client };

/** In words, as `admin`, or `operator for tag:shop`. */
export function accessInWords({ role, grants }: Access): string {
  const parts = [...(role === null ? [] : [role]), ...grants.map((grant) => `${grant.role} for ${grant.on}`)];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}
