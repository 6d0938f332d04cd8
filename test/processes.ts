import { readdirSync, readFileSync } from "node:fs";

/** Live processes whose environment carries a run's marker, read from /proc: the truth every test compares with. */
export function processesOfRuns(
  filter: (marker: string) => boolean = () => true,
): { pid: number; marker: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const marker = /(?:^|\0)UNSTUCK_RUN=([^\0]*)/.exec(
          readFileSync(`/proc/${name}/environ`, "latin1"),
        )?.[1];
        const state = readFileSync(`/proc/${name}/stat`, "latin1").split(") ").at(-1)?.[0];
        return marker !== undefined && state !== "Z" && state !== "X" && filter(marker)
          ? [{ pid: Number(name), marker }]
          : [];
      } catch {
        return [];
      }
    });
}

export function isRunning(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.[0];
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
