import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aRun, T0, WORKER } from "@/test/factories";
import { type Exit, KIND_OUTCOMES } from "./exit";
import { LOST_CAUSES, RUN_STATES, type Run, type RunState, STOP_CAUSES } from "./run";
import { RUN_EVENT_TYPES, type RunEvent, transition } from "./transition";

const ROOT = join(import.meta.dirname, "../..");
const DOCUMENT = readFileSync(join(ROOT, "docs/lifecycle.md"), "utf8");

const EXITS: readonly Exit[] = [
  { code: 0, signal: null },
  { code: 1, signal: null },
  { code: null, signal: "SIGTERM" },
  { code: null, signal: "SIGSEGV" },
  { code: null, signal: null },
];

const identity = { pid: 9_000, startTicks: 9 };

/** One event of a type for every value that could decide something. */
const PROBES = {
  claimed: [{ type: "claimed", workerId: WORKER, hostInstance: "boot/1/1", ownerEpoch: 1 }],
  spawned: [{ type: "spawned", launcher: identity, process: null }],
  launch_failed: [{ type: "launch_failed", reason: "ENOENT" }],
  stop_requested: STOP_CAUSES.map((cause) => ({ type: "stop_requested", cause, graceMs: 0, reason: null })),
  exited: EXITS.flatMap((exit) =>
    [null, ...KIND_OUTCOMES].flatMap((outcome) =>
      [true, false].map((beforeSignal) => ({
        type: "exited" as const,
        exit,
        outcome,
        beforeSignal,
        endedAt: T0,
      })),
    ),
  ),
  tree_gone: [{ type: "tree_gone" }],
  lost: LOST_CAUSES.map((cause) => ({ type: "lost", cause, reason: "Gone.", endedAt: null })),
  cleaned: [{ type: "cleaned", reason: "Dead." }],
  clean_undone: [{ type: "clean_undone", reason: "Alive." }],
} as const satisfies { [Type in RunEvent["type"]]: readonly (RunEvent & { type: Type })[] };

/** Runs of a state in every shape that could decide something: each stop cause, known and unknown identity. */
function shapes(state: RunState): Run[] {
  if (state !== "stopping") return [aRun(state)];
  return STOP_CAUSES.flatMap((cause) => [
    aRun(state, { cause }),
    aRun(state, { cause, startedAt: null, launcher: null, process: null }),
  ]);
}

function arrowsOfCode(): string[] {
  const arrows = new Set<string>();
  for (const state of RUN_STATES)
    for (const run of shapes(state))
      for (const type of RUN_EVENT_TYPES)
        for (const event of PROBES[type]) {
          const change = transition(run, event, T0 + 1_000_000);
          if (change.ok) arrows.add(`${state} | ${type} | ${change.run.state}`);
        }
  return [...arrows].sort();
}

function arrowsOfDocument(): string[] {
  const table = /<!-- arrows -->\n([\s\S]*?)<!-- \/arrows -->/.exec(DOCUMENT)?.[1] ?? "";
  const [header, , ...rows] = table.trim().split("\n").map(cells);
  expect(header).toEqual(["from", "event", "to"]);
  return rows.map((row) => row.join(" | ")).sort();
}

function cells(line: string): string[] {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

test("docs/lifecycle.md lists exactly the arrows the code has, each once", () => {
  expect(arrowsOfDocument()).toEqual(arrowsOfCode());
});

describe("docs/lifecycle.md explains", () => {
  for (const state of RUN_STATES)
    test(`the state ${state}`, () => expect(DOCUMENT).toContain(`\n| \`${state}\` | `));

  for (const type of RUN_EVENT_TYPES)
    test(`the event ${type}`, () => expect(DOCUMENT).toContain(`\n**\`${type}\`** `));

  test("every kind of event the code writes into a run's history", () => {
    const written = [...eventTypesInSource()].sort();
    expect(written, "the search in the source finds something").toContain("signal_sent");
    const missing = written.filter(
      (type) => !DOCUMENT.includes(`\n| \`${type}\` |`) && !DOCUMENT.includes(`\n**\`${type}\`** `),
    );
    expect(missing).toEqual([]);
  });
});

function eventTypesInSource(): Set<string> {
  const files = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("generated"),
  );
  const writes = /(?:\bnote(?:Event)?\([^")]*?,\s*|appendEvent\([^"]*?type: )"([a-z_]+)"/g;
  const types = files.flatMap((name) =>
    [...readFileSync(join(ROOT, "lib", name), "utf8").matchAll(writes)].map((match) => match[1] ?? ""),
  );
  return new Set(types);
}
