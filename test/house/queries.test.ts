import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * What makes a query answer something else than was asked (lib/store/sql.ts says why), and what to write instead. Only the store
 * talks to the database, so only its files are read.
 */
const FORBIDDEN = [
  {
    what: "a list that Prisma splits or refuses",
    sign: /\b(?:in|notIn):(?! (?:\[\.\.\.)?[A-Z_]{3,}\b| \["[^$\]]*"\])/,
    instead: "IN anyOf(list) of lib/store/sql.ts",
  },
  {
    what: "a text matched by LIKE",
    sign: /\b(?:contains|startsWith|endsWith):/,
    instead: "hasText or substr",
  },
  { what: "LIKE or GLOB", sign: /\b(?:LIKE|GLOB)\b/, instead: "hasText or substr" },
  { what: "a list spelt out in SQL", sign: /\bIN \(\s*\$\{/, instead: "IN anyOf(list) of lib/store/sql.ts" },
] as const;

const ROOM = join(process.cwd(), "lib/store");
const files = readdirSync(ROOM, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.startsWith("generated"))
  .sort();

function problemsIn(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/\/\/.*$/gm, "");
  return FORBIDDEN.filter(({ sign }) => sign.test(code)).map(
    ({ what, instead }) => `${what}: write ${instead}`,
  );
}

test("CR-5 no query of the store holds a list of open length or a pattern made of text", () => {
  expect(files.length).toBeGreaterThan(20);
  const problems = files.flatMap((name) =>
    problemsIn(readFileSync(join(ROOM, name), "utf8")).map((problem) => `${name}: ${problem}`),
  );
  expect(problems).toEqual([]);
});

test("each way to write such a query is seen", () => {
  const samples = [
    "where: { id: { in: [...ids] } }",
    "where: { NOT: { id: { notIn: ids } } }",
    "where: { tags: { contains: tag } }",
    "where: { name: { startsWith: text } }",
    'SELECT 1 FROM "Job" WHERE "tags" LIKE ?',
    'SELECT 1 FROM "Job" WHERE "id" IN ($' + "{Prisma.join(ids)})",
  ];
  for (const sample of samples) expect(problemsIn(sample), sample).toHaveLength(1);
  expect(problemsIn("where: { state: { in: [...ACTIVE_STATES] }, cause: { in: CAUSES } }")).toEqual([]);
  expect(problemsIn("// like: { in: this }\nconst rows = sql`IN $" + "{anyOf(ids)}`;")).toEqual([]);
});
