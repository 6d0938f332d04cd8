import type { Accounts, AuthHost } from "./accounts";
import type { Audits } from "./audit";
import type { EnvironmentHere, Environments } from "./environment";
import type { Folder } from "./folder";
import type { Holds } from "./holds";
import type { Here, Logs, Machine, Watch } from "./host";
import type { Identities, ProviderHost } from "./identities";
import type { Jobs } from "./jobs";
import type { Limits, Locks } from "./locks";
import type { Adoption, Imports, OutsideStops, StrayWatch } from "./outside";
import type { Plans, PlanWork } from "./plans";
import type { Recoveries } from "./recoveries";
import type { NewIds, Runs } from "./runs";
import type { Schedules } from "./schedules";
import type { Alerts, StuckChecks, Unsettled } from "./stuck";

/** What services ask of the database. */
export type Repositories = Accounts &
  Adoption &
  Alerts &
  Audits &
  Environments &
  Holds &
  Identities &
  Imports &
  Jobs &
  Limits &
  Locks &
  NewIds &
  OutsideStops &
  Plans &
  PlanWork &
  Recoveries &
  Runs &
  Schedules &
  StuckChecks &
  Unsettled;

/** What services ask of the running process. */
export type Host = AuthHost &
  EnvironmentHere &
  Folder &
  Here &
  Logs &
  Machine &
  ProviderHost &
  StrayWatch &
  Watch;

/** Everything services may ask for, flat: each names the few of it that it needs. */
export type Ports = Repositories & Host;
