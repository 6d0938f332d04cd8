import { expect, test } from "vitest";
import { isBelow, mountsIn, readMounts } from "./mounts";

test("CR-6.1 a path lies on the innermost of the mounts it is below, by whole names", () => {
  const mounts = mountsIn(
    [
      "22 1 254:0 / / rw - ext4 /dev/root rw",
      "30 22 0:40 / /mnt rw - nfs4 host:/ rw",
      "31 30 0:41 / /mnt/in\\040side rw - fuse x rw",
      "32 22 0:42 / /caf\xc3\xa9 rw - fuse x rw",
    ].join("\n"),
  );
  const paths = ["/", "/etc", "/mnt", "/mnt/a", "/mntx", "/mnt/in side/a", "/mnt/in sideways", "/café/x"];
  expect(paths.map((path) => mounts.of(path))).toEqual([
    "/",
    "/",
    "/mnt",
    "/mnt",
    "/",
    "/mnt/in side",
    "/mnt",
    "/café",
  ]);
});

test("where the system does not tell its mounts, all is one", () => {
  expect(readMounts("/nowhere").of("/mnt/a")).toBe("/");
  expect(readMounts().points).toContain("/proc");
});

test("what is below a folder begins with its whole name", () => {
  expect([isBelow("/a", "/a"), isBelow("/a/b", "/a"), isBelow("/ab", "/a"), isBelow("/ab", "/")]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});
