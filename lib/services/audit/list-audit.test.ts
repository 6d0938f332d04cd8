import { expect, test } from "vitest";
import type { AuditFilter } from "@/lib/domain/ports/accounts";
import { aContext } from "@/test/a-context";
import { T0 } from "@/test/factories";
import { everyAuditRow, listAudit } from "./list-audit";

const ALL: AuditFilter = {
  actor: null,
  action: null,
  jobId: null,
  outcome: null,
  since: null,
  until: null,
};
const given = (count: number) =>
  aContext({
    tables: {
      audits: Array.from({ length: count }, (_, index) => ({
        actor: index % 2 === 0 ? "anna" : "bob",
        action: `row.${index + 1}`,
        at: T0 + index,
      })),
    },
  });

test("the audit is listed newest first, page by page, each row on one page", async () => {
  const ctx = given(5);
  const first = await listAudit(ctx, ALL, { limit: 2 });
  expect(first.items.map(({ action }) => action)).toEqual(["row.5", "row.4"]);
  await ctx.recordAudit({ actor: "anna", action: "later" });
  const second = await listAudit(ctx, ALL, { limit: 2, cursor: first.nextCursor ?? expect.fail() });
  expect(second.items.map(({ action }) => action)).toEqual(["row.3", "row.2"]);
  const third = await listAudit(ctx, ALL, { limit: 2, cursor: second.nextCursor ?? expect.fail() });
  expect(third).toMatchObject({ items: [{ action: "row.1" }], nextCursor: null });
});

test("a page that is just full is the last one when there is no more", async () => {
  expect((await listAudit(given(2), ALL, { limit: 2 })).nextCursor).toBeNull();
  expect(await listAudit(given(0), ALL, { limit: 2 })).toEqual({ items: [], nextCursor: null });
});

test("an export has every row that is asked for, newest first, and stops when its reader does", async () => {
  const ctx = given(1_203);
  let pages = 0;
  const counted = {
    listAudit: (...asked: Parameters<typeof ctx.listAudit>) => {
      pages += 1;
      return ctx.listAudit(...asked);
    },
  };
  const ids = [];
  for await (const { id } of everyAuditRow(counted, { ...ALL, actor: "anna" })) ids.push(id);
  expect(ids).toEqual(Array.from({ length: 602 }, (_, index) => 1_203 - 2 * index));
  expect(pages).toBe(2);
  pages = 0;
  for await (const _ of everyAuditRow(counted, ALL)) break;
  expect(pages).toBe(1);
});
