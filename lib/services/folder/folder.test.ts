import { expect, test } from "vitest";
import type { Unconfirmed } from "@/lib/domain/folder";
import { aContext } from "@/test/a-context";
import { aRun, jobId, T0, WORKER } from "@/test/factories";
import { confirmFolder } from "./confirm-folder";
import { getFolder } from "./get-folder";

const COPIED: Unconfirmed = {
  doubt: "copied",
  since: T0,
  origin: { path: "/srv/data", hostname: "host.test", seenAt: T0 - 5 },
};

/** A folder in doubt, until someone confirms it: one run waits, two are active, one of those under another folder. */
function inDoubt() {
  const of = (id: string) => ({ jobId: jobId(id) });
  const elsewhere = aRun("running", of("c"));
  const ctx = aContext({
    runs: [aRun("queued", of("a")), aRun("starting", of("b")), elsewhere, aRun("completed", of("d"))],
    isElsewhere: async ({ id }) => id === elsewhere.id,
  });
  const findFolder = () => ({
    path: "/data",
    worker: WORKER,
    unconfirmed: ctx.saved.audits.length === 0 ? COPIED : null,
  });
  return { ...ctx, findFolder };
}

test("the live folder holds nothing back, whatever runs there are", async () => {
  const ctx = aContext({ runs: [aRun("running")], isElsewhere: async () => true });
  expect(await getFolder(ctx)).toEqual({
    path: "/data",
    worker: WORKER,
    unconfirmed: null,
    heldBack: { queued: 0, active: 0, elsewhere: 0 },
  });
});

test("while it is in doubt whose folder it is, what is held back is counted, and what lives elsewhere", async () => {
  expect(await getFolder(inDoubt())).toMatchObject({
    unconfirmed: COPIED,
    heldBack: { queued: 1, active: 2, elsewhere: 1 },
  });
});

test("a person's word makes it the live folder, and the audit keeps what was in doubt and held back", async () => {
  const ctx = inDoubt();
  expect(await confirmFolder(ctx, { reason: "I moved it." })).toMatchObject({
    unconfirmed: null,
    heldBack: { queued: 0, active: 0, elsewhere: 0 },
  });
  expect(ctx.saved.audits).toMatchObject([
    {
      actor: "operator",
      action: "folder.confirmed",
      reason: "I moved it.",
      details: {
        path: "/data",
        worker: WORKER,
        doubt: "copied",
        origin: COPIED.origin,
        heldBack: { queued: 1, active: 2, elsewhere: 1 },
      },
    },
  ]);
});

test("confirming the live folder changes nothing", async () => {
  const ctx = aContext();
  expect(await confirmFolder(ctx, { reason: "To be sure." })).toEqual(await getFolder(ctx));
  expect(ctx.saved.audits).toEqual([]);
});
