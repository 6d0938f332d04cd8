import { describe, expect, it } from "vitest";
import { detailRows } from "./detail-rows";

const plain = (details: unknown) => detailRows(details).map(({ name, now }) => `${name}: ${now}`);

describe("the details of an entry", () => {
  it("are named in words and have their units", () => {
    const details = {
      graceMs: 90_000,
      planId: "plan_1",
      capBytes: 2_000_000,
      startedAt: Date.UTC(2026, 10, 28, 14, 3, 5),
      force: true,
      id: "tok_1",
      heldBack: 0,
    };
    expect(plain(details)).toEqual([
      "grace: 1 min 30 s",
      "plan: plan_1",
      "cap: 2 MB",
      "started at: 2026-11-28 14:03:05 UTC",
      "force: yes",
      "id: tok_1",
      "held back: 0",
    ]);
  });

  it("say none where nothing is, and list what is many", () => {
    expect(plain({ reason: null, fields: ["title", "argv"], pids: [7, 8], jobs: [], graceMs: 0 })).toEqual([
      "reason: none",
      "fields: title, argv",
      "pids: 7, 8",
      "jobs: none",
      "grace: 0 s",
    ]);
  });

  it("have what is nested one level below its name, and deeper as JSON", () => {
    expect(plain({ counts: { done: 2, not_reached: 0 }, was: { exit: { code: 1 } } })).toEqual([
      "counts: done: 2",
      "counts: not reached: 0",
      'was: exit: {"code":1}',
    ]);
  });

  it("are nothing, or what is no object, as it is", () => {
    expect(detailRows({})).toEqual([]);
    expect(detailRows(null)).toEqual([]);
    expect(plain("told in words")).toEqual(["details: told in words"]);
  });
});

describe("a change", () => {
  it("has what differs, before and after", () => {
    const before = { name: "alice", access: "viewer", disabled: false };
    const after = { name: "alice", access: "operator for job:nightly", disabled: false };
    expect(detailRows({ user: "alice", before, after })).toEqual([
      { name: "user", before: null, now: "alice" },
      { name: "access", before: "viewer", now: "operator for job:nightly" },
    ]);
  });

  it("of one value has no name of its own", () => {
    expect(detailRows({ user: "alice", before: null, after: "operator" })).toEqual([
      { name: "user", before: null, now: "alice" },
      { name: "change", before: "none", now: "operator" },
    ]);
  });

  it("that made something has all of it, and one that deleted it says that it was so", () => {
    expect(plain({ after: { access: "admin" } })).toEqual(["access: admin"]);
    expect(plain({ before: { access: "admin" } })).toEqual(["access: admin (before)"]);
  });
});
