import { appendFileSync } from "node:fs";
import { openStore } from "@/lib/store/open";
import type { Statements } from "@/lib/store/statements";
import { LIMITS } from "@/lib/store/write-queue";

/**
 * A process that writes ten at once, two rows each, so that they share a transaction, and is killed at the moment that is asked for. A
 * file tells which were answered.
 */
const [file = "", answers = "", moment = ""] = process.argv.slice(2);

const limits = { ...LIMITS, groupMs: 600_000 };
const store = await openStore(process.cwd(), file, { limits });
const names = Array.from({ length: 10 }, (_, at) => `lock-${at}`);

function insert(db: Statements, name: string): void {
  // Two rows each: half of one would be seen.
  for (const half of ["a", "b"]) {
    db.insert("Lock", { name: `${name}-${half}`, runId: null, fence: 0, acquiredAt: null });
    if (moment === `${name}-${half}`) process.kill(process.pid, "SIGKILL");
  }
}

await Promise.all(
  names.map(async (name) => {
    await store.change((db) => insert(db, name));
    appendFileSync(answers, `${name}\n`);
    if (moment === `after ${name}`) process.kill(process.pid, "SIGKILL");
  }),
);
await store.close();
