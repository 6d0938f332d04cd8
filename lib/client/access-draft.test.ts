import { describe, expect, it } from "vitest";
import {
  addRow,
  changeRow,
  readAccess,
  removeRow,
  rolesToGrant,
  rowsThatCount,
  toDraft,
} from "./access-draft";

const grants = [
  { role: "viewer", on: "job:nightly" },
  { role: "operator", on: "tag:shop:eu" },
] as const;

describe("access as it is edited", () => {
  it("is read back as it came, tags with a colon included", () => {
    const draft = toDraft({ role: null, grants });
    expect(draft.rows).toMatchObject([
      { kind: "job", name: "nightly" },
      { kind: "tag", name: "shop:eu" },
    ]);
    expect(readAccess(draft)).toEqual({ ok: true, access: { role: null, grants } });
  });

  it("leaves out lines that add nothing to the role, and has them again when the role is changed back", () => {
    const draft = toDraft({ role: "viewer", grants });
    expect(rowsThatCount(draft).map(({ name }) => name)).toEqual(["shop:eu"]);
    expect(readAccess(draft)).toEqual({ ok: true, access: { role: "viewer", grants: [grants[1]] } });
    expect(readAccess({ ...draft, role: "admin" })).toEqual({
      ok: true,
      access: { role: "admin", grants: [] },
    });
    expect(rowsThatCount({ ...draft, role: null })).toHaveLength(2);
  });

  it("offers only roles above the one for everything", () => {
    expect(rolesToGrant(null)).toEqual(["viewer", "operator"]);
    expect(rolesToGrant("viewer")).toEqual(["operator"]);
    expect(rolesToGrant("operator")).toEqual([]);
    expect(rolesToGrant("admin")).toEqual([]);
  });

  it("adds, changes and removes a line by its id", () => {
    const one = addRow(toDraft({ role: null, grants }));
    expect(one.rows[2]).toEqual({ id: 2, role: "operator", kind: "job", name: "" });
    const two = removeRow(changeRow(one, 2, { kind: "tag", name: "retail" }), 0);
    expect(readAccess(two)).toMatchObject({
      access: { grants: [grants[1], { role: "operator", on: "tag:retail" }] },
    });
    expect(addRow(two).rows.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it("keeps the higher of two roles for the same job, in whatever order they come", () => {
    const on = "job:nightly";
    for (const roles of [
      ["viewer", "operator"],
      ["operator", "viewer"],
    ] as const) {
      const draft = toDraft({ role: null, grants: roles.map((role) => ({ role, on })) });
      expect(readAccess(draft)).toMatchObject({ access: { grants: [{ role: "operator", on }] } });
    }
  });
});

describe("access that cannot be saved", () => {
  it("is none at all", () => {
    const reading = readAccess(toDraft({ role: null, grants: [] }));
    expect(reading).toMatchObject({ ok: false, problem: "Choose a role, or add at least one job or tag." });
  });

  it("has lines without a name, or with one that no tag can have; each line says so", () => {
    const empty = addRow(addRow(toDraft({ role: null, grants: [] })));
    const reading = readAccess(
      changeRow(changeRow(empty, 0, { name: " " }), 1, { kind: "tag", name: "a b" }),
    );
    expect(reading).toMatchObject({ ok: false, problem: null });
    expect(reading.ok ? null : [...reading.rows]).toEqual([
      [0, "Choose a job."],
      [1, expect.stringContaining("A tag has up to 63 letters")],
    ]);
  });
});
