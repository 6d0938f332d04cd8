import { readFileSync } from "node:fs";
import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { DiskSpace } from "@/lib/domain/disk";

/** What is free where `folder` lies, as `df` counts it: of what a program without special rights may use. */
export async function measureSpace(folder: string): Promise<DiskSpace> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(folder);
  const usable = blocks - bfree + bavail;
  const measured = {
    freeBytes: bavail * bsize,
    freePercent: usable === 0 ? 100 : (bavail / usable) * 100,
    freeInodesPercent: files === 0 ? null : (ffree / files) * 100,
  };
  const pretended = percentForTests();
  return pretended === null ? measured : { ...measured, freePercent: pretended };
}

/** The folder where the file system that holds `folder` is mounted: the last one upwards on the same device. */
export async function mountOf(folder: string): Promise<string> {
  const { dev } = await stat(folder);
  for (let at = folder; ; at = dirname(at)) {
    const above = dirname(at);
    if (above === at || (await stat(above)).dev !== dev) return at;
  }
}

/** In test builds a file holds how much is free; the rest is measured. */
function percentForTests(): number | null {
  if (process.env.UNSTUCK_TEST_BUILD !== "1" || process.env.UNSTUCK_TEST_DISK === undefined) return null;
  try {
    const percent = Number.parseFloat(readFileSync(process.env.UNSTUCK_TEST_DISK, "utf8"));
    return Number.isNaN(percent) ? null : percent;
  } catch {
    return null;
  }
}
