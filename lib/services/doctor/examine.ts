import { scarcest } from "@/lib/domain/disk";
import type { Check } from "@/lib/domain/doctor";
import {
  clock,
  dataFolder,
  disk,
  init,
  launcher,
  node,
  permissions,
  systemd,
} from "@/lib/domain/doctor-checks.mjs";
import type { DoctorFacts } from "@/lib/domain/ports/doctor-facts";
import type { Here } from "@/lib/domain/ports/host";
import {
  accounts,
  crawls,
  database,
  environment,
  openFiles,
  processes,
  reach,
  rows,
  runs,
  socket,
  users,
} from "./dashboard-checks";

/** Every check of the installation as the running dashboard sees it. Nothing is changed. */
export async function examine(ctx: Pick<Here, "doctorFacts">): Promise<Check[]> {
  const facts = await ctx.doctorFacts();
  return CHECKS.map((check) => check(facts));
}

const CHECKS: readonly ((facts: DoctorFacts) => Check)[] = [
  node,
  dataFolder,
  permissions,
  database,
  rows,
  runs,
  launcher,
  ({ disk: space, diskLimits }) =>
    disk(space === null ? null : { ...space, ...scarcest(space) }, diskLimits.refusePercent),
  clock,
  socket,
  reach,
  accounts,
  environment,
  crawls,
  users,
  systemd,
  init,
  processes,
  openFiles,
];
