import type { JobKind } from "@/lib/domain/job";
import type { StopProfile } from "./kind";
import { kindOf } from "./kinds";

export function stopProfile(kind: JobKind): StopProfile {
  return kindOf(kind).stop;
}
