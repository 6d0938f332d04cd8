import { expect, test } from "vitest";
import { makeRunId } from "@/lib/domain/ids";
import type { RunFilter } from "@/lib/domain/ports/runs";
import { T0 } from "@/test/factories";
import { TOP } from "./off-time";
import { findIds } from "./run-search";
import { sql } from "./sql";
import type { Reads } from "./statements";

const ANY: RunFilter = {
  jobId: null,
  states: null,
  since: T0,
  until: T0 + 1_000,
  text: null,
  fingerprint: null,
};

/** A database with two full slices, and the statements it was asked. */
function asked() {
  const sent: string[] = [];
  const floors = [2, 1].map((at) => ({ id: makeRunId(T0 + at, "0000000000") }));
  const note = (...[strings, ...values]: Parameters<Reads["all"]>) =>
    sent.push(sql(strings, ...values).sql.replaceAll(/\s+/g, " "));
  const db: Reads = {
    all: <Row>(...query: Parameters<Reads["all"]>) => {
      note(...query);
      const newest = { id: makeRunId(T0 + 3, "0000000000"), jobId: "nightly" };
      return (sent.at(-1)?.includes("UNION ALL") ? [newest] : []) as Row[];
    },
    one: <Row>(...query: Parameters<Reads["one"]>) => {
      note(...query);
      return /"Run" (?!INDEXED BY "Run_offTime_idx").*OFFSET/.test(sent.at(-1) ?? "")
        ? ((floors.shift() ?? null) as Row)
        : null;
    },
  };
  return { db, sent };
}

const WALKS: Readonly<Record<string, Partial<RunFilter>>> = {
  fingerprint: { fingerprint: "x" },
  "beginning of an id": { text: "00mwzh" },
};

for (const [what, filter] of Object.entries(WALKS)) {
  test(`a slice of the runs by ${what} has one bound on either side, so that nothing outside of it is gone through`, async () => {
    const { db, sent } = asked();
    await findIds(db, { ...ANY, ...filter }, TOP, 50);
    const slices = sent.filter(
      (text) => /FROM "Run" INDEXED BY "(?!Run_offTime)/.test(text) && !text.includes("UNION ALL"),
    );
    // Where each of the two ends and what is in it, and the rest.
    expect(slices).toHaveLength(6);
    for (const text of slices)
      expect([text.match(/"id" < /g)?.length, text.match(/"id" >=? /g)?.length], text).toEqual([1, 1]);
  });
}
