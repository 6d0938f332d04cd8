import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

/**
 * Prisma's own schema engine, compiled to WASM: migrations without the native engine Prisma would download.
 * Plain JavaScript because both the application (lib/store/migrate.ts) and scripts/migration.mjs run it.
 */

/** @typedef {import("@prisma/schema-engine-wasm/schema_engine_bg").SchemaEngine} SchemaEngine */
/** @typedef {import("@prisma/schema-engine-wasm/schema_engine_bg").MigrationList} MigrationList */

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Opens an engine on one SQLite file, hands it to `work`, and frees it.
 * @template T
 * @param {{ root: string, databaseFile: string }} where `root`: the folder that holds prisma/ and node_modules/
 * @param {(engine: SchemaEngine) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSchemaEngine({ root, databaseFile }, work) {
  const wasm = await loadEngine(root);
  const factory = new EngineConnections(
    { url: `file:${databaseFile}` },
    // The shadow database the engine replays migrations in; it never needs to reach the disk.
    { shadowDatabaseUrl: ":memory:", timestampFormat: "unixepoch-ms" },
  );
  const datamodel = readFileSync(join(root, "prisma/schema.prisma"), "utf8");
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await wasm.SchemaEngine.new(
    { datamodels: [["schema.prisma", datamodel]] },
    () => {},
    adapter,
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
    await factory.closeAll();
  }
}

/**
 * Two things the engine leaves to its host: it never closes the connections it asked for, and it replays a whole migration
 * in its shadow database as one statement, which better-sqlite3 refuses to prepare; its script call takes it.
 */
class EngineConnections extends PrismaBetterSqlite3 {
  /** @type {import("@prisma/driver-adapter-utils").SqlDriverAdapter[]} */
  #open = [];

  /** @override */
  async connect() {
    const connection = await super.connect();
    this.#open.push(connection);
    return connection;
  }

  /** @override */
  async connectToShadowDb() {
    const shadow = await super.connectToShadowDb();
    this.#open.push(shadow);
    const prepared = shadow.executeRaw.bind(shadow);
    shadow.executeRaw = async (query) => {
      if (query.args.length > 0) return prepared(query);
      await shadow.executeScript(query.sql);
      return 0;
    };
    return shadow;
  }

  async closeAll() {
    for (const connection of this.#open.splice(0)) await connection.dispose();
  }
}

/** @type {Promise<typeof import("@prisma/schema-engine-wasm/schema_engine_bg")> | null} */
let loading = null;

/** @param {string} root */
function loadEngine(root) {
  loading ??= instantiate(root);
  return loading;
}

/** @param {string} root */
async function instantiate(root) {
  // The engine reports a Rust panic through this global before it aborts; without it the panic text is lost.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(/** @type {string} */ message) {
        throw new Error(`Prisma schema engine panicked: ${message}`);
      },
    },
  });
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const bytes = readFileSync(join(root, "node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm"));
  const instance = await WebAssembly.instantiate(await WebAssembly.compile(bytes), {
    "./schema_engine_bg.js": /** @type {WebAssembly.ModuleImports} */ (/** @type {unknown} */ (bindings)),
  });
  bindings.__wbg_set_wasm(instance.exports);
  /** @type {() => void} */ (instance.exports.__wbindgen_start)();
  return bindings;
}

/**
 * The migrations on disk, in the layout Prisma's command line uses too.
 * @param {string} root
 * @returns {MigrationList}
 */
export function readMigrations(root) {
  const baseDir = join(root, "prisma/migrations");
  const names = readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(baseDir, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(join(baseDir, name, "migration.sql"), "utf8") },
      },
    })),
  };
}

/**
 * Applies what is missing; answers the names applied now.
 * @param {SchemaEngine} engine
 * @param {MigrationList} migrationsList
 * @returns {Promise<string[]>}
 */
export async function applyMigrations(engine, migrationsList) {
  const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTERS });
  return appliedMigrationNames;
}

/**
 * Has one that did not finish applied as if it had never begun.
 * @param {SchemaEngine} engine
 * @param {string} migrationName
 */
export async function forget(engine, migrationName) {
  await engine.markMigrationRolledBack({ migrationName });
}

/**
 * How the database's history stands against the migrations on disk.
 * @param {SchemaEngine} engine
 * @param {MigrationList} migrationsList
 */
export function diagnose(engine, migrationsList) {
  return engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters: NO_FILTERS,
  });
}

/**
 * The SQL that leads from the migrations to prisma/schema.prisma; null when they agree.
 * @param {SchemaEngine} engine
 * @param {string} root
 * @param {MigrationList | null} migrationsList null: from an empty database
 * @returns {Promise<string | null>}
 */
export async function diffToSchema(engine, root, migrationsList) {
  const content = readFileSync(join(root, "prisma/schema.prisma"), "utf8");
  const result = await engine.diff({
    from: migrationsList === null ? { tag: "empty" } : { tag: "migrations", ...migrationsList },
    to: { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content }] },
    script: true,
    exitCode: true,
    filters: NO_FILTERS,
  });
  return result.exitCode === 2 ? (result.stdout ?? "") : null;
}
