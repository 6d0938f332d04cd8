import { type AccessView, toTarget } from "@/lib/client/access-draft";
import type { GrantedRole, Role } from "@/lib/domain/access";

export const ROLE_LABEL = {
  viewer: "Viewer",
  operator: "Operator",
  admin: "Admin",
} as const satisfies Record<Role, string>;

/** Of no role for everything. */
export const NO_ROLE_LABEL = "Single jobs";

export const ROLE_ABOUT = {
  viewer: "Sees every job, run and log. Changes nothing.",
  operator: "Also starts, stops and resumes runs, and cleans up after them.",
  admin: "Everything: also changes jobs, users, tokens and the dashboard’s settings, and reads the audit.",
} as const satisfies Record<Role, string>;

export const NO_ROLE_ABOUT = "Sees only the jobs that are listed below.";

const ALL_JOBS = {
  viewer: "Sees all jobs",
  operator: "Starts and stops all jobs",
  admin: "May do everything",
} as const satisfies Record<Role, string>;

/** The lines of a grant, and their order: the more comes first. */
export const GRANT_ROLES = ["operator", "viewer"] as const satisfies readonly GrantedRole[];
export const GRANT_DOES = {
  operator: "Starts and stops",
  viewer: "Sees",
} as const satisfies Record<GrantedRole, string>;

const NAMED = 3;

/**
 * `Sees all jobs. Starts and stops Nightly prices and jobs tagged shop.`
 * @param named how many jobs and tags are named for each role; the rest are counted
 */
export function accessSentences(
  { role, grants }: AccessView,
  titleOf: (job: string) => string,
  named: number = NAMED,
): string {
  const sentences = GRANT_ROLES.flatMap((granted) => {
    const targets = grants.filter((grant) => grant.role === granted).map(({ on }) => targetName(on, titleOf));
    return targets.length === 0 ? [] : [`${GRANT_DOES[granted]} ${listed(targets, named)}.`];
  });
  if (role !== null) sentences.unshift(`${ALL_JOBS[role]}.`);
  return sentences.length === 0 ? "Nothing." : sentences.join(" ");
}

function targetName(on: string, titleOf: (job: string) => string): string {
  const { kind, name } = toTarget(on);
  return kind === "job" ? titleOf(name) : `jobs tagged ${name}`;
}

function listed(names: readonly string[], most: number): string {
  const shown = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  const [last = "", ...before] = [...shown].reverse();
  return before.length === 0 ? last : `${before.reverse().join(", ")} and ${last}`;
}
