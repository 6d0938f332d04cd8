import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

/** docs/architecture.md has a table of rooms and doors. It is compared with the rules that lint keeps, cell by cell. */

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
const ROOM = /^(.*)-imports-only-its-doors$/;
const FLOOR = /^supervisor-(.*)-looks-down$/;

type Rule = { readonly name: string; readonly to: { readonly pathNot?: string | readonly string[] } };
// By a computed name: the compiler does not check lint's configuration.
const cruiser: { default: { forbidden: readonly Rule[] } } = await import(
  pathToFileURL(join(ROOT, ".dependency-cruiser.mjs")).href
);
const RULES = cruiser.default.forbidden;
const names = RULES.map(({ name }) => name);

function block(name: string): string {
  return new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)\n<!-- /${name} -->`).exec(PAGE)?.[1] ?? "";
}

function rowsOf(name: string): string[][] {
  return block(name)
    .split("\n")
    .slice(2)
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

function codeIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** What `^lib/(a|b)/`, `^node_modules/(a|b)/` or `^lib/(a|b)\.ts$` stands for, in the words of the page. */
function allowedBy(pattern: string): { rooms: string[]; packages: string[]; files: string[] } {
  const [, before = "", inside, after = ""] = /^\^([^(]*)(?:\(([^)]*)\))?(.*)$/.exec(pattern) ?? [];
  const choices = inside?.split("|") ?? [""];
  const none = { rooms: [], packages: [], files: [] };
  if (before === "node_modules/") return { ...none, packages: choices };
  if (before === "lib/" && after === "/") return { ...none, rooms: choices };
  return {
    ...none,
    files: choices.map((choice) => `${before}${choice}${after}`.replace(/\\|\$$/g, "")),
  };
}

/** Room, what it may import, packages, and whether `node:` is allowed: as the rules have it. */
function roomsOfRules() {
  return RULES.filter(({ name }) => ROOM.test(name)).map(({ name, to }) => {
    const room = ROOM.exec(name)?.[1] ?? "";
    const allowed = [to.pathNot ?? []].flat().map(allowedBy);
    const rooms = allowed.flatMap((found) => found.rooms).filter((other) => other !== room);
    return {
      room,
      imports: [...rooms, ...allowed.flatMap((found) => found.files)],
      packages: allowed.flatMap((found) => found.packages),
      node: names.includes(`${room}-uses-no-node`) ? "no" : "yes",
    };
  });
}

test("the table of rooms has every room of the rules once, and each cell says what its rule says", () => {
  const rooms = roomsOfRules();
  expect(rooms.length).toBeGreaterThan(8);
  const table = rowsOf("rooms").map(([room = "", , imports, packages, node = ""]) => ({
    room: codeIn(room)[0] ?? "",
    imports: codeIn(imports),
    packages: codeIn(packages),
    node,
  }));
  expect(table).toEqual(rooms);
});

test("every room of the table is there, and the page says what it is for", () => {
  for (const [room, purpose] of rowsOf("rooms")) {
    expect(existsSync(join(ROOT, "lib", codeIn(room)[0] ?? "")), room).toBe(true);
    expect(purpose, room).not.toBe("");
  }
});

test("the sub-rooms of the supervisor stand in the order of the rules", () => {
  const floors = names.map((name) => FLOOR.exec(name)?.[1]).filter((floor) => floor !== undefined);
  expect(floors.length).toBeGreaterThan(8);
  expect(codeIn(block("floors"))).toEqual(floors);
});

test("every other rule has a row, and every row a rule", () => {
  const rest = names.filter(
    (name) => !ROOM.test(name) && !FLOOR.test(name) && !name.endsWith("-uses-no-node"),
  );
  expect(rowsOf("doors").map(([name]) => codeIn(name)[0])).toEqual(rest);
});

test("every file that the ten stations name is there", () => {
  const stations = PAGE.slice(PAGE.indexOf("## A run in ten stations"), PAGE.indexOf("## Rooms and doors"));
  const rows = stations.split("\n").filter((line) => /^\| \d+ \|/.test(line));
  expect(rows).toHaveLength(10);
  const paths = codeIn(stations).filter((code) => code.includes("/"));
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
