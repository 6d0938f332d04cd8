import type { EnvironmentPolicy, EnvironmentUse, HostEnvironment, InheritPattern } from "../environment";
import type { AuditEntry } from "./audit";

/** What runs are handed of the environment the dashboard was started in. */
export type Environments = {
  environmentPolicy(): Promise<EnvironmentPolicy>;
  /** @returns what is used from now on; null when a list was asked for and there never was one */
  useEnvironment(use: EnvironmentUse, audit: AuditEntry, now: number): Promise<EnvironmentPolicy | null>;
};

export type EnvironmentHere = {
  readonly hostEnvironment: HostEnvironment;
  readonly inheritPatterns: readonly InheritPattern[];
  /** Where a run finds the dashboard; `socket` null: there is none. */
  readonly door: { readonly url: string };
};
