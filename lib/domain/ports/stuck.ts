import type { AlertKind } from "../alert";
import type { JobId, RunId } from "../ids";
import type { Run } from "../run";
import type { StoredCount } from "../stuck";
import type { RecoveryVerdict } from "../verdict";
import type { AuditEntry } from "./audit";
import type { Before } from "./page";

export type UnsettledFilter = {
  /** Started (or asked for, if it never started) before this moment, epoch milliseconds. */
  readonly olderThan?: number | null;
  readonly jobs?: readonly JobId[] | null;
  /** Runs that carry one of these. */
  readonly tags?: readonly string[] | null;
};

/** What was read of a run's checkpoint. */
export type KeptVerdict = {
  readonly runId: RunId;
  readonly verdict: RecoveryVerdict;
  readonly resumeFrom: string | null;
  readonly at: number;
};

export type StoredAlert = {
  readonly id: string;
  readonly at: number;
  readonly kind: AlertKind;
  readonly title: string;
  readonly detail: string;
  /** The job it is about, where it is about one. */
  readonly job: string | null;
  readonly counts: Readonly<Record<string, number>>;
  /** The runs it names. */
  readonly runs: readonly string[];
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
};
export type NewAlert = Omit<StoredAlert, "acknowledgedAt" | "acknowledgedBy">;

/** Runs that did not end well and about which nothing was decided. */
export type Unsettled = {
  /** Newest first; one more than `limit` when there is more. */
  listUnsettled(filter: UnsettledFilter, page: Before): Promise<Run[]>;
  countUnsettled(filter: UnsettledFilter): Promise<StoredCount>;
  saveVerdicts(verdicts: readonly KeptVerdict[]): Promise<void>;
};

export type StuckChecks = {
  lastStuckCheck(): Promise<{ readonly at: number; readonly found: number } | null>;
  /** The runs that were stuck when an alert was written last. */
  toldRuns(): Promise<readonly string[]>;
  saveStuckCheck(found: number, alert: NewAlert | null, audit: AuditEntry, now: number): Promise<void>;
};

export type Alerts = {
  /** Newest first; one more than `limit` when there is more. */
  listAlerts(openOnly: boolean, page: Before): Promise<StoredAlert[]>;
  /** The first to acknowledge it stays the one who did. @returns null when there is no such alert */
  acknowledgeAlert(id: string, audit: AuditEntry, now: number): Promise<StoredAlert | null>;
};
