/** An absolute path without `.` and `..`; a relative one counts from `folder`. Nothing on disk is looked at. */
export function resolvePath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** What stands behind the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * Whether a path goes by what its folder really is. One that is absolute, or leaves the folder by `..`, is meant by its name: links that
 * lead to the folder say nothing of what stands beside it.
 */
export function isWithin(checkpoint: string): boolean {
  return !checkpoint.startsWith("/") && resolvePath("/folder", checkpoint).startsWith("/folder/");
}
