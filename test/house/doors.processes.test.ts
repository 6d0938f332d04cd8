import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";

const exec = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const injected: string[] = [];

afterEach(() => {
  for (const path of injected.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** What must be refused, each by the rule that keeps that door. */
const VIOLATIONS = [
  ["bootstrap-needs-nothing", "bootstrap", 'import { z } from "zod"; export const x = z;'],
  [
    "bootstrap-needs-nothing",
    "bootstrap",
    'import { generateClient } from "../scripts/prepare/build.mjs"; export const x = generateClient;',
  ],
  ["domain-imports-only-its-doors", "lib/domain", 'import { z } from "zod"; export const x = z;'],
  ["domain-uses-no-node", "lib/domain", 'import { join } from "node:path"; export const x = join;'],
  [
    "contracts-imports-only-its-doors",
    "lib/contracts",
    'import { readConfig } from "@/lib/config/config"; export const x = readConfig;',
  ],
  ["contracts-uses-no-node", "lib/contracts", 'import fs from "node:fs"; export const x = fs;'],
  [
    "store-imports-only-its-doors",
    "lib/store",
    'import { signalProcess } from "@/lib/supervisor/processes/signal"; export const x = signalProcess;',
  ],
  [
    "supervisor-imports-only-its-doors",
    "lib/supervisor",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  ["supervisor-imports-only-its-doors", "lib/supervisor", 'import next from "next"; export const x = next;'],
  [
    "services-imports-only-its-doors",
    "lib/services/jobs",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  [
    "services-uses-no-node",
    "lib/services/jobs",
    'import { spawn } from "node:child_process"; export const x = spawn;',
  ],
  [
    "kinds-imports-only-its-doors",
    "lib/kinds",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  [
    "config-imports-only-its-doors",
    "lib/config",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  [
    "http-imports-only-its-doors",
    "lib/http",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  [
    "reads-imports-only-its-doors",
    "lib/reads",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  ["reads-uses-no-node", "lib/reads", 'import fs from "node:fs"; export const x = fs;'],
  [
    "client-imports-only-its-doors",
    "lib/client",
    'import { startJob } from "@/lib/services/commands/start-job"; export const x = startJob;',
  ],
  ["client-uses-no-node", "lib/client", 'import fs from "node:fs"; export const x = fs;'],
  [
    "only-the-store-knows-prisma",
    "components/runs",
    'import { PrismaClient } from "@/lib/store/generated/client"; export const x = PrismaClient;',
  ],
  [
    "files-are-handed-in-by-boot",
    "lib/supervisor",
    'import { openFiles } from "@/lib/files/files"; export const x = openFiles;',
  ],
  [
    "files-imports-only-its-doors",
    "lib/files",
    'import { kindOf } from "@/lib/kinds/kinds"; export const x = kindOf;',
  ],
  [
    "foreign-paths-are-read-elsewhere",
    "lib/kinds",
    'import { readFileSync } from "node:fs"; export const x = readFileSync;',
  ],
  [
    "foreign-paths-are-read-elsewhere",
    "lib/supervisor/life",
    'import { readFile } from "node:fs/promises"; export const x = readFile;',
  ],
  [
    "writes-touch-no-disk",
    "lib/store",
    'import { readFileSync } from "node:fs"; export const x = readFileSync;',
  ],
  [
    "services-share-only-commands",
    "lib/services/runs",
    'import { createJob } from "@/lib/services/jobs/create-job"; export const x = createJob;',
  ],
  [
    "services-share-only-commands",
    "lib/services/commands",
    'import { createJob } from "@/lib/services/jobs/create-job"; export const x = createJob;',
  ],
  [
    "chores-belong-to-the-process",
    "lib/services",
    'import { doChores } from "@/lib/chores/chores"; export const x = doChores;',
  ],
  [
    "ports-are-made-once",
    "lib/chores",
    'import { repositoriesOf } from "@/lib/store/repositories"; export const x = repositoriesOf;',
  ],
  [
    "ports-are-made-once",
    "lib/http",
    'import { portsOf } from "@/lib/host/ports"; export const x = portsOf;',
  ],
  [
    "api-routes-only-translate",
    "api/v1/status",
    'import { findRun } from "@/lib/store/runs"; export const x = findRun;',
  ],
  [
    "only-our-server-asks-the-api",
    "components/runs",
    'import { answer } from "@/api/answer"; export const x = answer;',
  ],
  [
    "pages-and-parts-are-clients",
    "components/runs",
    'import { startJob } from "@/lib/services/commands/start-job"; export const x = startJob;',
  ],
  [
    "parts-read-nothing-on-the-server",
    "components/runs",
    'import { readJobs } from "@/lib/reads/jobs"; export const x = readJobs;',
  ],
  [
    "ui-parts-know-no-jobs",
    "components/ui",
    'import { RUN_STATES } from "@/lib/domain/run"; export const x = RUN_STATES;',
  ],
  [
    "server-knows-only-the-slot",
    "server",
    'import { RUN_STATES } from "@/lib/domain/run"; export const x = RUN_STATES;',
  ],
  [
    "cli-is-a-client",
    "cli",
    'import { startJob } from "@/lib/services/commands/start-job"; export const x = startJob;',
  ],
  ["nothing-imports-tests", "lib/domain", 'import { until } from "@/test/until"; export const x = until;'],
  [
    "examples-stand-alone",
    "examples/shop",
    'import { RUN_STATES } from "@/lib/domain/run"; export const x = RUN_STATES;',
  ],
  ["everything-resolves", "lib/domain", 'import { x as y } from "./not-there"; export const x = y;'],
] as const;

/** The sub-rooms of the supervisor from the ground up, with a file of each that the one below it must not import. */
const FLOORS = [
  ["files", null],
  ["host", "host/group"],
  ["processes", "processes/signal"],
  ["folder", "folder/home"],
  ["usage", "usage/book"],
  ["traces", "traces/line-scanner"],
  ["log", "log/log-file"],
  ["watch", "watch/duty"],
  ["life", "life/signs"],
  ["pid-file", "pid-file/pid-file"],
  ["log-upkeep", "log-upkeep/log-pipe"],
  ["launch", "launch/launch"],
  ["ending", "ending/finish"],
  ["finding-out", "finding-out/look"],
  ["outside", "outside/end-stray"],
  ["loop", "loop/sweep"],
] as const;

/** Each sub-room imports the next one above it, and the last one the supervisor itself. */
const CLIMBS = FLOORS.map(([floor], index) => [
  `supervisor-${floor}-looks-down`,
  `lib/supervisor/${floor}`,
  `export * from "@/lib/supervisor/${FLOORS[index + 1]?.[1] ?? "supervisor"}";`,
]);

describe("The doors of the house", () => {
  it("catches every injected violation, each by its own rule", async () => {
    const expected = [...VIOLATIONS, ...CLIMBS].map(([rule = "", folder = "", source], index) => {
      const path = join(folder, `injected-violation-${index}.ts`);
      injected.push(join(root, path));
      writeFileSync(join(root, path), `${source}\n`);
      return `${rule}: ${path}`;
    });
    injectCircle();
    const other = join(root, "lib/supervisor/injected-room");
    injected.push(other);
    mkdirSync(other);
    writeFileSync(join(other, "x.ts"), "export const x = 1;\n");
    writeFileSync(join(root, "lib/supervisor/injected-violation.ts"), 'export * from "./injected-room/x";\n');
    injected.push(join(root, "lib/supervisor/injected-violation.ts"));
    expected.push("supervisor-has-no-other-rooms: lib/supervisor/injected-violation.ts");
    const found = await cruise([
      ...expected.map((line) => line.split(": ")[1] ?? ""),
      "lib/domain/injected-circle-a.ts",
    ]);
    for (const line of expected) expect(found).toContain(line);
    expect(found.some((line) => line.startsWith("no-circles: lib/domain/injected-circle-"))).toBe(true);
  }, 120_000);
});

function injectCircle(): void {
  for (const [self, other] of [
    ["a", "b"],
    ["b", "a"],
  ] as const) {
    const path = join(root, `lib/domain/injected-circle-${self}.ts`);
    injected.push(path);
    writeFileSync(
      path,
      `import { ${other} } from "./injected-circle-${other}";\nexport const ${self} = () => ${other};\n`,
    );
  }
}

/** `rule: file` for every violation below the given files. */
async function cruise(files: readonly string[]): Promise<string[]> {
  const args = [
    "node_modules/.bin/depcruise",
    "--config",
    ".dependency-cruiser.mjs",
    "--output-type",
    "json",
    ...files,
  ];
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await exec(process.execPath, args, options).catch((error: { stdout: string }) => error);
  const report: { summary: { violations: { rule: { name: string }; from: string }[] } } = JSON.parse(stdout);
  return report.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
}
