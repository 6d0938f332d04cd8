#!/usr/bin/env node
import { ensureNode } from "../bootstrap/ensure-node.mjs";

// In the terminal's own group and session: it asks, and exec's program may want the whole terminal.
await ensureNode({ quiet: true });
try {
  await import("./main.mjs");
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) throw error;
  console.error("unstuck: its packages are not installed yet. Run npm start once in the project's folder.");
  process.exitCode = 70;
}
