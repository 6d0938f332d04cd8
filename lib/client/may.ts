import { useMemo } from "react";
import type { MeView } from "@/lib/contracts/account";
import { type Access, atLeast, can, type Grant, type GrantTarget, type Role } from "@/lib/domain/access";
import { parseJobId } from "@/lib/domain/ids";
import { useMe } from "./session";

/** What decides whether a grant is for a job. A job's settings are that as they are. */
export type MayJob = { readonly id: string; readonly tags: readonly string[] };

export type May = {
  /** @param job whose matter it is; null: it concerns more than one job, so a grant is not enough */
  readonly may: (needed: Role, job: MayJob | null) => boolean;
  /** For everything, or for some job at least. */
  readonly mayAnywhere: (needed: Role) => boolean;
};

/** What is offered. The server decides again on each request; this keeps buttons that it would refuse off the page. */
export function mayOf(me: Pick<MeView, "role" | "grants"> | null): May {
  const access = accessOf(me);
  return {
    may: (needed, job) => can(access, needed, job === null ? null : toGranted(job)),
    mayAnywhere: (needed) =>
      atLeast(access.role, needed) || access.grants.some(({ role }) => atLeast(role, needed)),
  };
}

/** For the person who is signed in. */
export function useMay(): May {
  const me = useMe();
  return useMemo(() => mayOf(me), [me]);
}

/** The job of a row of the status. */
export function jobOf({ job, tags }: { readonly job: string; readonly tags: readonly string[] }): MayJob {
  return { id: job, tags };
}

function accessOf(me: Pick<MeView, "role" | "grants"> | null): Access {
  if (me === null) return { role: null, grants: [] };
  const grants = me.grants.flatMap(({ role, on }): Grant[] => (isTarget(on) ? [{ role, on }] : []));
  return { role: me.role, grants };
}

function isTarget(on: string): on is GrantTarget {
  return on.startsWith("job:") || on.startsWith("tag:");
}

/** A job without a proper id is no job, and then only a role for everything counts. */
function toGranted({ id, tags }: MayJob) {
  const jobId = parseJobId(id);
  return jobId === null ? null : { id: jobId, tags };
}
