import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PLAN_KINDS } from "@/lib/domain/plan";
import { ACTION_GROUPS, actionInWords, KNOWN_ACTIONS } from "./action-words";

const root = join(import.meta.dirname, "../..");

/** What the variable part of an action can be. */
const VARIABLE: Readonly<Record<string, readonly string[]>> = {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the source of a template
  "recovery.${kind}": ["recovery.planned", "recovery.gave_up", "recovery.stopped"],
  "schedule.${state}": ["schedule.skipped", "schedule.waiting", "schedule.failed"],
  "${kind}.planned": PLAN_KINDS.map((kind) => `${kind}.planned`),
  "${kind}.apply_requested": PLAN_KINDS.map((kind) => `${kind}.apply_requested`),
  "${row.kind}.stop_refused": ["foreign.stop_refused", "stray.stop_refused"],
  "${row.kind}.stopped": ["foreign.stopped", "stray.stopped"],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the source of a template
};

/** Files that write to the audit, without what looks like an action and is none. */
const SOURCES = globSync("lib/{auth,domain,services,store,supervisor,chores,host}/**/*.ts", { cwd: root })
  .concat(globSync("lib/*.ts", { cwd: root }))
  .filter((path) => !/\.test\.ts$|\/generated\//.test(path));

const QUOTED = /["`]([a-z_]+\.[a-z_]+|[a-z_]*(?:\$\{[a-z.]+\})?\.(?:\$\{[a-z.]+\}|[a-z_]+))["`]/g;

/** What stands after `action:`, whether it is one text or a choice of two, and what is handed on to become an action. */
function actionsIn(text: string): string[] {
  const places = [
    ...text.matchAll(/\baction: ([^\n]+(?:\n\s+[?:][^\n]+)*)/g),
    ...text.matchAll(/\b(?:auditOf|openSession)\(([^;]+);/g),
    ...text.matchAll(/\bconst DELETED = ([^;]+);/g),
    ...text.matchAll(/\bfunction actionOf\([\s\S]*?\n\}/g),
  ];
  return places.flatMap(([whole, found = whole]) =>
    [...found.matchAll(QUOTED)].map(([, action = ""]) => action),
  );
}

const FOUND = [
  ...new Set(SOURCES.flatMap((path) => actionsIn(readFileSync(join(root, path), "utf8")))),
].flatMap((action) =>
  action.includes("$") ? (VARIABLE[action] ?? [`unknown template ${action}`]) : [action],
);

describe("what the audit says was done", () => {
  it("is found in the sources", () => {
    expect(FOUND.length).toBeGreaterThan(40);
    expect(FOUND).toEqual(
      expect.arrayContaining(["run.deleted", "lock.taken_away", "session.opened", "recovery.resumed"]),
    );
  });

  it.each([...new Set(FOUND)].sort())("has words: %s", (action) => {
    expect(KNOWN_ACTIONS).toContain(action);
  });

  it("has no words for what nothing does", () => {
    expect(KNOWN_ACTIONS.filter((action) => !FOUND.includes(action))).toEqual([]);
  });

  it("is the action's own name where a newer version wrote it", () => {
    expect(actionInWords("moon.landed_on")).toBe("moon landed on");
    expect(actionInWords("toString")).toBe("toString");
  });

  it("belongs to one group of the filter", () => {
    const groups = ACTION_GROUPS.flatMap(({ groups: some }) => some.map(({ value }) => value));
    for (const action of KNOWN_ACTIONS)
      expect(groups.filter((beginning) => action.startsWith(beginning))).toHaveLength(1);
    for (const beginning of groups)
      expect(KNOWN_ACTIONS.some((action) => action.startsWith(beginning))).toBe(true);
  });
});
