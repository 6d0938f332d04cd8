import { expect, test } from "vitest";
import type { DoctorFacts } from "@/lib/domain/ports/doctor-facts";
import { aContext } from "@/test/a-context";
import { doctorFacts } from "@/test/doctor-facts";
import { T0 } from "@/test/factories";
import { examine } from "./examine";

const HEALTHY = doctorFacts();

/** What is not in order, by the check that says so. */
async function complaints(changes: Partial<DoctorFacts> = {}) {
  const ctx = aContext({ doctorFacts: async () => doctorFacts(changes) });
  const checks = await examine(ctx);
  expect(ctx.called).toEqual([]);
  return checks.filter(({ status }) => status !== "ok").map(({ id, status }) => `${id}: ${status}`);
}

test("on a healthy machine every check is told, once, and asks for nothing", async () => {
  const checks = await examine(aContext({ doctorFacts: async () => HEALTHY }));
  expect(checks.filter(({ status, fix }) => status !== "ok" || fix !== null)).toEqual([]);
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(checks.length).toBe(19);
});

const CALL = { what: "GET /api/v1/status", agent: "curl/8.5.0", address: "192.0.2.7", count: 3 };

const WRONG: readonly (readonly [complaint: string, changes: Partial<DoctorFacts>])[] = [
  ["data-folder: fail", { dataFolder: { ...HEALTHY.dataFolder, networkFileSystem: "nfs4" } }],
  ["data-folder: fail", { dataFolder: { ...HEALTHY.dataFolder, doubt: "It was copied." } }],
  ["permissions: fail", { dataFolder: { ...HEALTHY.dataFolder, mode: 0o707 } }],
  ["permissions: warn", { dataFolder: { ...HEALTHY.dataFolder, mode: 0o704 } }],
  ["permissions: warn", { dataFolder: { ...HEALTHY.dataFolder, owner: 7 } }],
  ["database: fail", { database: { ...HEALTHY.database, tookMs: null, problem: "it is locked" } }],
  ["database: warn", { database: { ...HEALTHY.database, tookMs: 1_001 } }],
  ["database: warn", { database: { ...HEALTHY.database, walBytes: 300 * 1024 * 1024 } }],
  ["rows: fail", { unreadable: [{ what: "job nightly", why: "argv" }] }],
  ["runs: fail", { unrecovered: [{ runId: "run_1", reason: "EIO" }] }],
  ["launcher: fail", { launcher: { ...HEALTHY.launcher, usable: null } }],
  ["launcher: fail", { launcher: { ...HEALTHY.launcher, shell: false } }],
  ["disk: unknown", { disk: null }],
  ["disk: warn", { disk: { freeBytes: 9, freePercent: 7, freeInodesPercent: 50, state: "low" } }],
  ["disk: fail", { disk: { freeBytes: 9, freePercent: 50, freeInodesPercent: 2, state: "full" } }],
  ["clock: fail", { database: { ...HEALTHY.database, newestAt: T0 + 61_000 } }],
  ["clock: warn", { clock: { now: T0, synchronised: false } }],
  ["socket: warn", { socket: { path: null, why: "the path is too long" } }],
  ["reach: warn", { beyondLoopback: true }],
  ["accounts: warn", { accounts: { ...HEALTHY.accounts, state: "open" } }],
  ["accounts: warn", { accounts: { ...HEALTHY.accounts, state: "none" } }],
  ["accounts: warn", { accounts: { ...HEALTHY.accounts, keyOpenToOthers: "/data/_secret-key" } }],
  ["accounts: warn", { accounts: { ...HEALTHY.accounts, refused: [CALL] } }],
  ["environment: warn", { environment: { ...HEALTHY.environment, missing: ["KEY"] } }],
  ["environment: warn", { environment: { ...HEALTHY.environment, use: "recorded", names: ["KEY"] } }],
  ["crawls: warn", { unseenCrawls: ["shop"] }],
  [
    "users: warn",
    { user: 0, dataFolder: { ...HEALTHY.dataFolder, owner: 0 }, runAs: { root: [], unsaid: ["shop"] } },
  ],
  ["systemd: fail", { systemd: { unit: "unstuck.service", killMode: "control-group" } }],
  ["systemd: unknown", { systemd: { unit: "unstuck.service", killMode: null } }],
  ["init: warn", { init: { isFirstProcess: true, name: "node" } }],
  ["processes: warn", { hidesProcesses: true }],
  ["open-files: warn", { openFiles: 1_023 }],
];

test.each(WRONG)(
  "what is wrong is said by the one check it concerns (%s: %j)",
  async (complaint, changes) => {
    expect(await complaints(changes)).toEqual([complaint]);
  },
);

test("every complaint says what to do", async () => {
  for (const [, changes] of WRONG) {
    const checks = await examine(aContext({ doctorFacts: async () => doctorFacts(changes) }));
    expect(checks.filter(({ status, fix }) => status !== "ok" && !fix)).toEqual([]);
  }
});

test("what can be told of a limit is no complaint where nothing is known of it", async () => {
  expect(await complaints({ openFiles: null, clock: { now: T0, synchronised: null } })).toEqual([]);
});

test("of the disk that is judged which runs out first: its bytes or its inodes", async () => {
  const scarce = { freeBytes: 4e9, freePercent: 40, freeInodesPercent: 3, state: "low" } as const;
  const checks = await examine(aContext({ doctorFacts: async () => doctorFacts({ disk: scarce }) }));
  expect(checks.find(({ id }) => id === "disk")?.found).toContain("3.0 % of its inodes free");
});

test("long lists are cut, and the rest is counted", async () => {
  const unreadable = Array.from({ length: 7 }, (_, at) => ({ what: `job j${at}`, why: "argv" }));
  const unseenCrawls = Array.from({ length: 10 }, (_, at) => `crawl${at}`);
  const unrecovered = ["run_1", "run_2", "run_3"].map((runId) => ({ runId, reason: "EIO" }));
  const facts = doctorFacts({ unreadable, unseenCrawls, unrecovered });
  const checks = await examine(aContext({ doctorFacts: async () => facts }));
  const found = (id: string) => checks.find((check) => check.id === id)?.found;
  expect(found("rows")).toMatch(/job j4 \(argv\); and 2 more$/);
  expect(found("runs")).toBe("what became of run_1 cannot be found out: EIO, and 2 more like it");
  expect(found("crawls")).toMatch(/jobs crawl0, .*crawl7 and 2 more:/);
});

test("calls without a token are told with how many, what and by which program", async () => {
  const found = async (refused: DoctorFacts["accounts"]["refused"]) => {
    const facts = doctorFacts({ accounts: { ...HEALTHY.accounts, refused } });
    const checks = await examine(aContext({ doctorFacts: async () => facts }));
    return checks.find(({ id }) => id === "accounts")?.found;
  };
  expect(await found([CALL, { ...CALL, count: 2 }])).toBe(
    "5 calls without a token were refused since the start, the last one GET /api/v1/status by curl/8.5.0 from 192.0.2.7",
  );
  expect(await found([{ ...CALL, agent: "", address: null, count: 1 }])).toBe(
    "a call without a token was refused since the start, the last one GET /api/v1/status by a program",
  );
});
