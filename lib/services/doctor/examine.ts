import type { Check } from "@/lib/domain/doctor";
import type { DoctorFacts } from "./facts";
import { database, dataFolder, disk, launcher, permissions, rows, runs } from "./folder-checks";
import {
  clock,
  crawls,
  environment,
  init,
  node,
  openFiles,
  processes,
  reach,
  socket,
  systemd,
} from "./host-checks";

type Ports = { doctorFacts(): Promise<DoctorFacts> };

/** Every check of the installation as the running dashboard sees it. Nothing is changed. */
export async function examine(ctx: Ports): Promise<Check[]> {
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
  disk,
  clock,
  socket,
  reach,
  environment,
  crawls,
  systemd,
  init,
  processes,
  openFiles,
];
