import { describe, expect, test } from "vitest";
import { clock, dataFolder, disk, init, launcher, permissions, systemd } from "./doctor-checks.mjs";

const NOW = Date.UTC(2026, 10, 28);
const at = (now: number, newestAt: number | null = null, synchronised: boolean | null = null) =>
  clock({ clock: { now, synchronised }, database: { newestAt } });
const folder = (mode: number, user: number | null = 1) =>
  permissions({ user, dataFolder: { path: "/data", owner: 1, mode } });
const found = { folder: "/data/x", shell: true, usable: null };
const unit = (killMode: string | null, isUp = true, policy: "leave" | "stop" = "leave") =>
  systemd({ systemd: { unit: "u.service", killMode }, onShutdown: { policy }, isUp });
const room = (state: "ok" | "low" | "full", what: "disk space" | "inodes" = "disk space") =>
  disk({ what, percent: 5, freeBytes: 2e9, state }, 2);
const first = (isFirstProcess: boolean | null, name: string | null) =>
  init({ init: { isFirstProcess, name }, onShutdown: { why: null } });

describe("the doctor judges with and without a dashboard alike:", () => {
  const CASES: readonly (readonly [string, ReturnType<typeof clock>, string, RegExp])[] = [
    ["a folder that is right", dataFolder({ dataFolder: { path: "/data" } }), "ok", /^\/data$/],
    [
      "one that is not there",
      dataFolder({ dataFolder: { path: "/d", isThere: false } }),
      "fail",
      /not there/,
    ],
    ["one of another user", dataFolder({ dataFolder: { path: "/d", refusedTo: 7 } }), "fail", /by user 7/],
    ["a copy", dataFolder({ dataFolder: { path: "/d", doubt: "why" } }), "fail", /live one: why/],
    ["NFS", dataFolder({ dataFolder: { path: "/d", networkFileSystem: "NFS" } }), "fail", /on NFS/],
    ["a mode for the owner", folder(0o40700), "ok", /^mode 0700, owned by user 1$/],
    ["a mode for all to read", folder(0o40755), "warn", /everybody may read/],
    ["a mode for all to write", folder(0o40757), "fail", /everybody may write/],
    ["another owner", folder(0o40755, 2), "warn", /the dashboard is user 2/],
    ["an owner, where the dashboard's user is not known", folder(0o40700, null), "ok", /user 1/],
    ["no shell", launcher({ launcher: { ...found, shell: false } }), "fail", /no \/bin\/sh/],
    ["a launcher that is gone", launcher({ launcher: found }), "fail", /no launcher/],
    ["one that was not written yet", launcher({ launcher: found, isUp: false }), "warn", /not written yet/],
    ["a launcher", launcher({ launcher: { ...found, usable: "launcher-1.sh" } }), "ok", /launcher-1\.sh/],
    ["room", room("ok"), "ok", /^5\.0 % of its room free \(2\.0 GB\)$/],
    ["little room", room("low", "inodes"), "warn", /of its inodes/],
    ["no room", room("full"), "fail", /no run is started/],
    ["a disk that was not measured", disk(null, 2), "unknown", /not be measured/],
    ["a clock", at(NOW), "ok", /^2026-11-28T00:00:00\.000Z$/],
    ["a clock that was set back", at(NOW, NOW + 120_000), "fail", /was set back/],
    ["a clock of before this was written", at(0), "fail", /^1970/],
    ["a clock that nothing keeps right", at(NOW, null, false), "warn", /not kept right/],
    [
      "no service",
      systemd({ systemd: { unit: null, killMode: null }, onShutdown: { policy: "stop" } }),
      "ok",
      /not a/,
    ],
    ["a service that leaves runs alone", unit("process"), "ok", /KillMode=process/],
    ["one that is to stop them", unit("mixed", true, "stop"), "ok", /mixed/],
    ["one that ends runs", unit("control-group"), "fail", /ends every run/],
    ["one that may be another's", unit("control-group", false), "warn", /ends every run/],
    ["a unit that cannot be read", unit(null), "unknown", /could not be read/],
    ["a dashboard that is pid 1", first(true, "node"), "warn", /the dashboard is pid 1/],
    ["a Node that is pid 1", first(null, "node"), "warn", /pid 1 is Node/],
    ["an init", first(null, "systemd"), "ok", /^pid 1 is systemd$/],
  ];
  for (const [what, check, status, words] of CASES)
    test(what, () => {
      expect(check).toMatchObject({ status, found: expect.stringMatching(words) });
      expect(check.fix === null).toBe(status === "ok");
    });
});
