import { setImmediate as nextTurn } from "node:timers/promises";
import { isAppError } from "@/lib/domain/errors";
import { isFinal, RUN_STATES } from "@/lib/domain/run";
import { aboutSecondFactor, aboutSignOut } from "@/lib/domain/sealing";
import type { SessionId, UserId } from "@/lib/domain/user";
import type { JobSecret, RunSecret, SecondFactor, Session } from "./generated/client";
import { aboutSecret, openable, orNull } from "./job-secrets";
import { aboutRunSecret } from "./run-secrets";
import { anyOf } from "./sql";
import type { Statements } from "./statements";
import type { AtOnce, Store } from "./transaction";

/** `unreadable`: sealed with a key that is not here. They stay as they are, for when it is put back. */
export type Sealed = { readonly secrets: number; readonly unreadable: number; readonly runs: number };

/**
 * Seals what is not sealed with the key that is used now: at the first start with a key, and after another one was put before it. And takes
 * out of the settings of ended runs what their job has made a secret since. `secure_delete` overwrites what was there before.
 */
export async function sealAll(store: Store): Promise<Sealed> {
  const each = [
    ...(await sealSecrets(store)),
    ...(await sealRunSecrets(store)),
    ...(await sealFactors(store)),
    ...(await sealSignOutHints(store)),
  ];
  const secrets = each.filter((one) => one === "sealed").length;
  const unreadable = each.filter((one) => one === "unreadable").length;
  return { secrets, unreadable, runs: await hideInRuns(store) };
}

type Outcome = "sealed" | "unreadable" | "gone";

/** In the line of the writes: what was sealed with the key of before and is still on its way to the disk is seen too. */
function asWritten<Rows extends AtOnce>(store: Store, read: (db: Statements) => Rows): Promise<Rows> {
  return store.change(read);
}

async function sealSecrets(store: Store): Promise<Outcome[]> {
  const { sealing } = store;
  const rows = await asWritten(store, (db) => db.all<JobSecret>`SELECT * FROM "JobSecret"`);
  const old = rows.filter(({ sealed, value }) => !sealed || !sealing.isCurrent(value));
  const outcomes: Outcome[] = [];
  for (const { jobId, name } of old)
    outcomes.push(
      await store.change((db): Outcome => {
        // As it is now: it may have been changed since the list was made.
        const row = db.one<JobSecret>`SELECT * FROM "JobSecret" WHERE "jobId" = ${jobId} AND "name" = ${name}`;
        if (row === null) return "gone";
        const text = openable(row, sealing);
        if (text === null) return "unreadable";
        const value = sealing.seal(text, aboutSecret(row));
        db.update("JobSecret", { jobId, name }, { value, sealed: true });
        return "sealed";
      }),
    );
  return outcomes;
}

const ROWS_AT_ONCE = 200;

/** Those of all runs that there are, a few hundred at once. */
async function sealRunSecrets(store: Store): Promise<Outcome[]> {
  const { sealing } = store;
  const outcomes: Outcome[] = [];
  for (let after: SecretKey | undefined = FIRST; after !== undefined; await nextTurn()) {
    const { runId: run, name: last }: SecretKey = after;
    const page: { rows: RunSecret[]; done: Outcome[] } = await store.change((db) => {
      const rows = db.all<RunSecret>`
        SELECT * FROM "RunSecret" WHERE ("runId", "name") > (${run}, ${last})
        ORDER BY "runId", "name" LIMIT ${ROWS_AT_ONCE}`;
      const old = rows.filter(({ value }) => !sealing.isCurrent(value));
      return { rows, done: old.map((row) => sealRunSecret(db, sealing, row)) };
    });
    outcomes.push(...page.done);
    after = page.rows.length < ROWS_AT_ONCE ? undefined : page.rows.at(-1);
  }
  return outcomes;
}

type SecretKey = Pick<RunSecret, "runId" | "name">;
const FIRST: SecretKey = { runId: "", name: "" };

function sealRunSecret(
  db: Statements,
  sealing: Store["sealing"],
  { runId, name, value }: RunSecret,
): Outcome {
  const about = aboutRunSecret({ runId, name });
  const text = orNull(() => sealing.unseal(value, about));
  if (text === null) return "unreadable";
  db.update("RunSecret", { runId, name }, { value: sealing.seal(text, about) });
  return "sealed";
}

async function sealFactors(store: Store): Promise<Outcome[]> {
  const rows = await asWritten(
    store,
    (db) => db.all<Pick<SecondFactor, "userId" | "secret">>`SELECT "userId", "secret" FROM "SecondFactor"`,
  );
  return sealEach(
    store,
    rows.map(({ userId, secret }) => ({
      sealed: secret,
      about: aboutSecondFactor(userId as UserId),
      find: (db) =>
        db.one<SecondFactor>`SELECT * FROM "SecondFactor" WHERE "userId" = ${userId}`?.secret ?? null,
      put: (db, resealed) => db.update("SecondFactor", { userId }, { secret: resealed }),
    })),
  );
}

/** One that does not open any more is worth nothing, and is no reason to keep an old key. */
async function sealSignOutHints(store: Store): Promise<Outcome[]> {
  const rows = await asWritten(
    store,
    (db) =>
      db.all<{ id: string; signOutHint: string }>`
        SELECT "id", "signOutHint" FROM "Session" WHERE "signOutHint" IS NOT NULL`,
  );
  const outcomes = await sealEach(
    store,
    rows.map(({ id, signOutHint }) => ({
      sealed: signOutHint,
      about: aboutSignOut(id as SessionId),
      find: (db) => db.one<Session>`SELECT * FROM "Session" WHERE "id" = ${id}`?.signOutHint ?? null,
      put: (db, resealed) => db.update("Session", { id }, { signOutHint: resealed }),
    })),
  );
  return outcomes.map((outcome) => (outcome === "unreadable" ? "gone" : outcome));
}

type SealedCell = {
  /** When the list was made. */
  readonly sealed: string;
  readonly about: string;
  /** As it is now. null: gone. */
  readonly find: (db: Statements) => string | null;
  readonly put: (db: Statements, resealed: string) => void;
};

async function sealEach(store: Store, cells: readonly SealedCell[]): Promise<Outcome[]> {
  const { sealing } = store;
  const outcomes: Outcome[] = [];
  for (const { about, find, put } of cells.filter(({ sealed }) => !sealing.isCurrent(sealed)))
    outcomes.push(
      await store.change((db): Outcome => {
        const sealed = find(db);
        if (sealed === null) return "gone";
        try {
          put(db, sealing.seal(sealing.unseal(sealed, about), about));
          return "sealed";
        } catch (error) {
          if (isAppError(error) && error.code === "SECRET_UNREADABLE") return "unreadable";
          throw error;
        }
      }),
    );
  return outcomes;
}

const RUNS_AT_ONCE = 500;
const FINAL_STATES = RUN_STATES.filter(isFinal);

/** A run that is active keeps what it was given; it is done with at the next start, once it has ended. */
async function hideInRuns(store: Store): Promise<number> {
  let hidden = 0;
  const secrets = store.look.all<
    Pick<JobSecret, "jobId" | "name">
  >`SELECT "jobId", "name" FROM "JobSecret" ORDER BY 1, 2`;
  for (const { jobId, name } of secrets) {
    const path = `$.env."${name}"`;
    for (let count = RUNS_AT_ONCE; count === RUNS_AT_ONCE; await nextTurn()) {
      count = await store.change(
        (db) => db.change`
        UPDATE "Run" SET "spec" = json_remove("spec", ${path}) WHERE "id" IN (
          SELECT "id" FROM "Run" WHERE "jobId" = ${jobId} AND "state" IN ${anyOf(FINAL_STATES)}
            AND json_valid("spec") AND json_type("spec", ${path}) IS NOT NULL LIMIT ${RUNS_AT_ONCE})`,
      );
      hidden += count;
    }
  }
  return hidden;
}
