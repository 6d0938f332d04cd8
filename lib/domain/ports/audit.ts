import type { Client, Identity } from "../access";
import type { JobId, RunId } from "../ids";

/** Who did what and why; written in the transaction of the change itself. */
export type AuditEntry = {
  readonly actor: string;
  readonly action: string;
  readonly jobId?: JobId;
  readonly runId?: RunId;
  readonly reason?: string | null;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Asked for, and not done. */
  readonly refused?: boolean;
  /** From where and by what; usually that goes with the request (lib/asking.ts), and only signing in has to say it. */
  readonly by?: Pick<Identity, "via" | "viaId" | "address">;
};

/** Who asks, for what is about accounts. */
export type Asker = {
  /** null: not signed in. */
  readonly who: Identity | null;
  readonly client: Client;
};

/** All that differs from request to request. */
export type Actor = {
  /** Who asks, as the audit records it. */
  readonly actor: string;
  /** Aborted when the client has left: a start that still waits for the database is dropped then. A stop is carried out. */
  readonly signal?: AbortSignal | undefined;
};

export type Audits = {
  /** For what changes no row: a request before it is carried out, or what the supervisor did after it. */
  recordAudit(entry: AuditEntry): Promise<void>;
};
