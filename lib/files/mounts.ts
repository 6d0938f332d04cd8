import { readFileSync } from "node:fs";

/** The mount points of this host. */
export type Mounts = {
  readonly points: readonly string[];
  /** The one a path lies on, by its name; links on the way are not followed. */
  of(path: string): string;
};

/** The kernel answers this from memory, whatever hangs. Where there is no such file everything is one mount. */
export function readMounts(file = "/proc/self/mountinfo"): Mounts {
  return mountsIn(textOf(file));
}

const FRESH_MS = 1_000;

/** The mounts as they were a moment ago; the same value for as long as they are the same. */
export type MountWatch = { now(fresh?: boolean): Mounts };

export function watchMounts(): MountWatch {
  let known = readMounts();
  let readAt = performance.now();
  return {
    now(fresh = false) {
      if (!fresh && performance.now() - readAt < FRESH_MS) return known;
      readAt = performance.now();
      const found = readMounts();
      if (found.points.join("\n") !== known.points.join("\n")) known = found;
      return known;
    },
  };
}

export function mountsIn(mountinfo: string): Mounts {
  const points = new Set(["/"]);
  for (const line of mountinfo.split("\n")) {
    const point = line.split(" ", 5)[4];
    if (point !== undefined) points.add(unescaped(point));
  }
  return {
    points: [...points],
    of(path) {
      for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) if (points.has(at)) return at;
      return "/";
    },
  };
}

export function isBelow(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** The kernel writes a space as \040; what was read as bytes is made text here. */
function unescaped(bytes: string): string {
  const plain = bytes.replace(/\\([0-7]{3})/g, (_all, octal: string) =>
    String.fromCharCode(parseInt(octal, 8)),
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}

function textOf(file: string): string {
  try {
    // Octal escapes are bytes, and so is the rest until it is put together.
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
