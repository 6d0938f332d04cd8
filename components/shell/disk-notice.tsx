"use client";

import { useQuery } from "@tanstack/react-query";
import { Notice } from "@/components/ui/notice";
import { formatBytes } from "@/lib/client/elapsed";
import { healthQuery } from "@/lib/client/health";
import type { HealthView } from "@/lib/contracts/health";

/** The state of a disk changes slowly, and the server itself looks no more often. */
const LOOK_EVERY_MS = 15_000;

type Disk = NonNullable<HealthView["disk"]>;

/** On every page while the disk fills up: when a run ends for want of room it is too late to say so. */
export function DiskNotice() {
  const { data } = useQuery({ ...healthQuery, refetchInterval: LOOK_EVERY_MS });
  const disk = data?.disk ?? null;
  if (disk === null || disk.state === "ok") return null;
  const { tone, title, advice } = WORDS[disk.state];
  return (
    <Notice tone={tone} title={title} className="mb-6">
      {howMuch(disk)} {advice}
    </Notice>
  );
}

const WORDS = {
  low: {
    tone: "warn",
    title: "The disk is nearly full",
    advice: "Free some space, or soon no run can be started.",
  },
  full: {
    tone: "bad",
    title: "The disk is full: no run is started",
    advice: "Running programs keep running; queued runs wait and start automatically once there is space.",
  },
} as const satisfies Record<Exclude<Disk["state"], "ok">, { tone: string; title: string; advice: string }>;

function howMuch({ freeBytes, freePercent, freeInodesPercent }: Disk): string {
  if (freeInodesPercent !== null && freeInodesPercent < freePercent)
    return `The disk that holds the data folder has room for few more files (${percent(freeInodesPercent)} of its inodes are free).`;
  return `${formatBytes(freeBytes)} (${percent(freePercent)}) are free where the data folder is.`;
}

function percent(value: number): string {
  return `${Math.floor(value * 10) / 10} %`;
}
