import { expect, test } from "vitest";
import { whereWeAre } from "./where";

const V1 = "30 23 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory";
const CASES: readonly (readonly [string, string, string, object | null])[] = [
  [
    "in a unit",
    "28 24 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
    "0::/system.slice/u.service",
    { folder: "/sys/fs/cgroup/system.slice/u.service", root: false },
  ],
  [
    "hybrid",
    `${V1}\n31 23 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`,
    "4:memory:/x\n0::/",
    { folder: "/sys/fs/cgroup/unified", root: true },
  ],
  ["v1 only", V1, "4:memory:/x", null],
  [
    "optional fields before the dash",
    "28 24 0:25 / /sys/fs/cgroup rw shared:9 master:2 - cgroup2 c rw",
    "0::/a",
    { folder: "/sys/fs/cgroup/a", root: false },
  ],
  [
    "a container that sees its own part",
    "28 24 0:25 /docker/abc /sys/fs/cgroup rw - cgroup2 c rw",
    "0::/docker/abc/in",
    { folder: "/sys/fs/cgroup/in", root: false },
  ],
  [
    "a namespace of its own",
    "28 24 0:25 /docker/abc /sys/fs/cgroup rw - cgroup2 c rw",
    "0::/",
    { folder: "/sys/fs/cgroup", root: true },
  ],
  [
    "outside of what is mounted",
    "28 24 0:25 /docker/abc /sys/fs/cgroup rw - cgroup2 c rw",
    "0::/../else",
    null,
  ],
  [
    "a part whose name merely begins alike",
    "28 24 0:25 /docker/abc /c rw - cgroup2 c rw",
    "0::/docker/abcd",
    null,
  ],
  [
    "a folder with a blank",
    "28 24 0:25 / /my\\040groups rw - cgroup2 c rw",
    "0::/a",
    { folder: "/my groups/a", root: false },
  ],
  ["nothing at all", "", "", null],
];
for (const [what, mountinfo, own, expected] of CASES)
  test(`${what}: ${expected === null ? "nowhere" : JSON.stringify(expected)}`, () =>
    expect(whereWeAre(mountinfo, `${own}\n`)).toEqual(expected));
