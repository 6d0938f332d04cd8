import { defineConfig } from "prisma/config";

// Prisma's CLI insists on a native schema engine it would have to download; `prisma generate` never runs it, so any
// existing executable satisfies the check. Migrations use the same engine compiled to WASM (lib/store/migrate.ts).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: "prisma/schema.prisma" });
