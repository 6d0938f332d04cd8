import { describe, expect, test } from "vitest";
import { askedBy } from "@/lib/asking";
import type { Asking } from "@/lib/domain/access";
import type { AuditFilter } from "@/lib/domain/ports/accounts";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { recordAudit } from "@/lib/store/audit";
import { listAudit } from "@/lib/store/audit-list";
import { insertJob } from "@/lib/store/jobs";
import { dropOld, KEPT } from "@/lib/store/retention";
import type { Store } from "@/lib/store/transaction";
import { anIdentity, sessionId, tokenId } from "@/test/accounts";
import { aJob, jobId, T0 } from "@/test/factories";
import { audit, type OpenStore, opened } from "./given";

const DAY = 86_400_000;

const ALL: AuditFilter = {
  actor: null,
  action: null,
  jobId: null,
  outcome: null,
  since: null,
  until: null,
};
const list = (store: Store, filter: Partial<AuditFilter> = {}) =>
  listAudit(store, { ...ALL, ...filter }, { before: null, limit: 100 });
const actions = async (store: Store, filter?: Partial<AuditFilter>) =>
  (await list(store, filter)).map(({ action }) => action);

function asking(name: string, address: string): Asking {
  return {
    who: anIdentity({ name, via: "token", viaId: tokenId(1), address }),
    client: { address, secure: false },
  };
}

/** Rows of these days ago, by their ids. */
async function givenRows(store: Store, days: ReadonlyMap<number, number>, now: number): Promise<void> {
  const data = [...days].map(([id, ago]) => ({
    id,
    at: new Date(now - ago * DAY),
    actor: "a",
    action: `row.${id}`,
    details: "{}",
  }));
  await store.write((tx) => tx.audit.createMany({ data }));
}
const idsOf = async (store: Store) =>
  (await store.read.audit.findMany({ where: { actor: "a" }, orderBy: { id: "asc" } })).map(({ id }) => id);

export function auditContract(open: OpenStore): void {
  describe("an audit row", () => {
    test("says by what and from where it was asked, when it is in the name of who asks", async () => {
      const store = await opened(open);
      const by = asking("anna", "192.0.2.7");
      await askedBy(by, () => insertJob(store, aJob(), {}, audit("job.created", { actor: "anna" })));
      expect(await list(store)).toMatchObject([
        { actor: "anna", via: "token", viaId: tokenId(1), address: "192.0.2.7", outcome: "done" },
      ]);
    });

    test("of what began while a request was answered, in another name or later, says nothing of it", async () => {
      const store = await opened(open);
      const background = askedBy(asking("anna", "192.0.2.7"), async () => {
        await recordAudit(store, audit("retention.dropped", { actor: "system" }), T0);
      });
      await background;
      await recordAudit(store, audit("job.created", { actor: "anna" }), T0);
      expect(await list(store)).toMatchObject([
        { actor: "anna", via: null, viaId: null, address: null },
        { actor: "system", via: null, viaId: null, address: null },
      ]);
    });

    test("is of its own request, although several share a transaction", async () => {
      const store = await opened(open);
      const record = (name: string) => recordAudit(store, audit("x", { actor: name }), T0);
      const work = ["anna", "bob"].map((name, index) =>
        askedBy(asking(name, `192.0.2.${index}`), () => record(name)),
      );
      await Promise.all([...work, record("anna"), askedBy(asking("bob", "192.0.2.9"), () => record("anna"))]);
      const rows = await store.read.audit.findMany({ orderBy: { id: "asc" } });
      expect(rows.map(({ actor, address }) => [actor, address])).toEqual([
        ["anna", "192.0.2.0"],
        ["bob", "192.0.2.1"],
        ["anna", null],
        ["anna", null],
      ]);
    });

    test("by Prisma says the same", async () => {
      const store = await opened(open);
      const by = asking("anna", "192.0.2.7");
      await askedBy(by, () =>
        store.write(async (_, db) => db.insert("Audit", { ...ROW, viaId: db.asked?.viaId ?? null })),
      );
      expect(await list(store)).toMatchObject([{ viaId: tokenId(1) }]);
    });

    test("of signing in says it itself, and of what was not done that it was refused", async () => {
      const store = await opened(open);
      const by = { via: "session", viaId: sessionId(1), address: "192.0.2.9" } as const;
      const entry: AuditEntry = { actor: "anna", action: "session.refused", refused: true, by };
      await askedBy(asking("anna", "192.0.2.7"), () => recordAudit(store, entry, T0));
      expect(await list(store)).toMatchObject([{ ...by, outcome: "refused" }]);
    });
  });

  describe("the audit", () => {
    test("takes no change of a row, and lets none go that no cut has been recorded above", async () => {
      const store = await opened(open);
      for (const action of ["a", "b", "c"]) await recordAudit(store, audit(action), T0);
      const [first, second] = (await list(store)).toReversed();
      const change = () => store.change((db) => db.change`UPDATE "Audit" SET "actor" = 'other'`);
      await expect(change()).rejects.toThrow("an audit row cannot be changed");
      const byPrisma = store.write((tx) => tx.audit.updateMany({ data: { outcome: "done" } }));
      await expect(byPrisma).rejects.toThrow();
      const drop = (id = 0) => store.change((db) => db.change`DELETE FROM "Audit" WHERE "id" = ${id}`);
      await expect(drop(first?.id)).rejects.toThrow("stays until retention has recorded a cut above it");
      await recordAudit(store, audit("audit.cut", { details: { below: second?.id } }), T0);
      await expect(drop(second?.id)).rejects.toThrow("a cut above it");
      expect(await drop(first?.id)).toBe(1);
      expect(await actions(store)).toEqual(["audit.cut", "c", "b"]);
      // The newest cut counts: one that is lower takes the way back.
      await recordAudit(store, audit("audit.cut", { details: { below: 0 } }), T0);
      await expect(drop(second?.id)).rejects.toThrow("a cut above it");
    });

    test("loses what is old, after it has recorded where it is cut", async () => {
      const store = await opened(open);
      const now = T0 + 1_000 * DAY;
      await givenRows(
        store,
        new Map([
          [1, 402],
          [2, 401],
          [3, 399],
          [4, 0],
        ]),
        now,
      );
      expect(await dropOld(store, now)).toMatchObject({ auditRows: 2 });
      expect(await idsOf(store)).toEqual([3, 4]);
      expect(await list(store, { actor: "system" })).toMatchObject([
        { action: "retention.dropped", details: { auditRows: 2 } },
        { action: "audit.cut", details: { below: 3 } },
      ]);
      expect(await dropOld(store, now)).toMatchObject({ auditRows: 0 });
      expect(await list(store, { actor: "system" })).toHaveLength(2);
    });

    test("may lose all of what it had", async () => {
      const store = await opened(open);
      const now = T0 + 1_000 * DAY;
      await givenRows(
        store,
        new Map([
          [1, 402],
          [2, 401],
        ]),
        now,
      );
      expect(await dropOld(store, now)).toMatchObject({ auditRows: 2 });
      expect(await actions(store)).toEqual(["retention.dropped", "audit.cut"]);
    });

    test("keeps younger rows before one that a wrong clock has dated too early, and that one with them", async () => {
      const store = await opened(open);
      const now = T0 + 1_000 * DAY;
      await givenRows(
        store,
        new Map([
          [1, 500],
          [2, 3],
          [3, 20_000],
          [4, 2],
        ]),
        now,
      );
      expect(await dropOld(store, now)).toMatchObject({ auditRows: 1 });
      expect(await idsOf(store)).toEqual([2, 3, 4]);
    });

    test("is limited in number, the oldest go first, and its own cuts make no end of it", async () => {
      const store = await opened(open);
      const newest = KEPT.auditMost + 3;
      await givenRows(store, new Map([1, 2, 3, 4, 5, newest].map((id) => [id, 0])), T0);
      expect(await dropOld(store, T0)).toMatchObject({ auditRows: 3 });
      expect(await idsOf(store)).toEqual([4, 5, newest]);
      expect(await actions(store, { action: "audit.cut" })).toHaveLength(1);
    });
  });

  describe("the list of the audit", () => {
    async function given(open: OpenStore): Promise<Store> {
      const store = await opened(open);
      const entries: AuditEntry[] = [
        audit("run.started", { actor: "anna", jobId: jobId("shop") }),
        audit("run.stopped", { actor: "bob", jobId: jobId("shop"), reason: "slow", details: { pid: 7 } }),
        audit("runs.listed", { actor: "anna" }),
        audit("user.created", { actor: "anna", refused: true }),
      ];
      for (const [index, entry] of entries.entries()) await recordAudit(store, entry, T0 + index);
      return store;
    }

    test("is newest first, each with all that was recorded", async () => {
      const rows = await list(await given(open));
      expect(rows.map(({ action }) => action)).toEqual([
        "user.created",
        "runs.listed",
        "run.stopped",
        "run.started",
      ]);
      expect(rows[2]).toEqual({
        id: rows[2]?.id,
        at: T0 + 1,
        actor: "bob",
        action: "run.stopped",
        jobId: "shop",
        runId: null,
        reason: "slow",
        details: { pid: 7 },
        via: null,
        viaId: null,
        address: null,
        outcome: "done",
      });
    });

    test.each<[string, Partial<AuditFilter>, readonly string[]]>([
      ["an actor", { actor: "anna" }, ["user.created", "runs.listed", "run.started"]],
      ["an action", { action: "run.started" }, ["run.started"]],
      ["actions that begin so", { action: "run." }, ["run.stopped", "run.started"]],
      ["a job", { jobId: "shop" }, ["run.stopped", "run.started"]],
      ["an outcome", { outcome: "refused" }, ["user.created"]],
      ["a time", { since: T0 + 1, until: T0 + 3 }, ["runs.listed", "run.stopped"]],
      ["several things", { actor: "anna", jobId: "shop" }, ["run.started"]],
      ["what there is not", { actor: "ann" }, []],
    ])("can be of %s", async (_, filter, expected) => {
      expect(await actions(await given(open), filter)).toEqual(expected);
    });

    test("comes in pages, each row on one of them, also while more are written", async () => {
      const store = await given(open);
      const seen: string[] = [];
      for (let before: string | null = null; ; ) {
        const rows = await listAudit(store, ALL, { before, limit: 2 });
        seen.push(...rows.slice(0, 2).map(({ action }) => action));
        await recordAudit(store, audit("later"), T0 + 9);
        if (rows.length <= 2) break;
        before = String(rows[1]?.id);
      }
      expect(seen).toEqual(["user.created", "runs.listed", "run.stopped", "run.started"]);
    });
  });
}

const ROW = {
  at: new Date(T0),
  actor: "anna",
  action: "x",
  jobId: null,
  runId: null,
  reason: null,
  details: "{}",
  via: null,
  address: null,
  outcome: "done",
};
