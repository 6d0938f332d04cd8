import type { ProcessIdentity } from "@/lib/domain/run";
import type { AppliedLimits } from "./limits";

export type Launched =
  | {
      readonly ok: true;
      readonly launcher: ProcessIdentity;
      readonly process: ProcessIdentity | null;
      readonly limits: AppliedLimits | null;
      /** The folder it works in, links followed; null or absent: not known. */
      readonly realCwd?: string | null;
    }
  /** `came`: its launcher was spawned, so it may still take the claim. `timedOut`: it took longer than its job allows. */
  | { readonly ok: false; readonly reason: string; readonly came: boolean; readonly timedOut?: boolean };

/** The launcher's own "I did not start the program"; see launcher.sh. */
export const LAUNCHER_GAVE_UP = 125;
