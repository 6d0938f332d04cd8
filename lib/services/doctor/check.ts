import type { Check, CheckStatus } from "@/lib/domain/doctor";

export function check(
  id: string,
  title: string,
  status: CheckStatus,
  found: string,
  fix: string | null = null,
): Check {
  return { id, title, status, found, fix };
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
