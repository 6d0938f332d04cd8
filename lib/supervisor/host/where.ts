/** Which folder of the cgroup v2 file system this process is in, found by the file system's type and not by its usual place. */

export type Place = { readonly folder: string; readonly root: boolean };

/**
 * @param mountinfo /proc/self/mountinfo
 * @param own /proc/self/cgroup
 * @returns null when no cgroup v2 is mounted, or we are outside of what is mounted
 */
export function whereWeAre(mountinfo: string, own: string): Place | null {
  const mount = mountinfo
    .split("\n")
    .map(parseMount)
    .find((found) => found !== null);
  const path = own
    .split("\n")
    .find((line) => line.startsWith("0::"))
    ?.slice(3);
  if (mount === undefined || mount === null || path === undefined) return null;
  const below = relative(path, mount.root);
  return below === null ? null : { folder: `${mount.point}${below}`, root: path === "/" };
}

/** `36 35 0:31 /root /mount/point rw,relatime shared:9 - cgroup2 cgroup2 rw`: any number of fields before the dash. */
function parseMount(line: string): { readonly root: string; readonly point: string } | null {
  const [before = "", after = ""] = line.split(" - ");
  if (!after.startsWith("cgroup2 ")) return null;
  const [, , , root, point] = before.split(" ");
  return root === undefined || point === undefined
    ? null
    : { root: unescaped(root), point: unescaped(point) };
}

function relative(path: string, root: string): string | null {
  if (path.startsWith("/..")) return null;
  if (root === "/") return path === "/" ? "" : path;
  if (path === root || path.startsWith(`${root}/`)) return path.slice(root.length);
  // In a namespace of its own the path is counted from its root, whatever the mount says.
  return path === "/" ? "" : null;
}

/** Blanks and the like stand as octal numbers. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_match, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
