import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jobId } from "@/test/factories";
import { lockNames } from "./job";
import { isForcible, lockKind, lockLabel, lockNameOf } from "./lock";

describe("lockLabel", () => {
  it.each([
    ["job:nightly", "own", "job:nightly"],
    ["shared:shop", "shared", "shop"],
    ["shared:job:nightly", "shared", "shared:job:nightly"],
    ["shared:shared:x", "shared", "shared:shared:x"],
    ["pidfile:/run/x.pid", "shared", "pidfile:/run/x.pid"],
    ["shared:pidfile:/run/x.pid", "shared", "shared:pidfile:/run/x.pid"],
  ] as const)("calls %s, which is %s, %s", (name, kind, label) => {
    expect(lockKind(name)).toBe(kind);
    expect(lockLabel(name)).toBe(label);
  });

  it("only of a shared lock says that force can take it from a live run", () => {
    expect(["job:a", "pidfile:/run/a.pid", "shared:a"].filter(isForcible)).toEqual(["shared:a"]);
  });

  it("is read back as the same lock, whatever it is called", () => {
    const shared = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("job:a", "shared:a", "shared:job:a", "pidfile:a"),
    );
    fc.assert(
      fc.property(shared, (name) => {
        for (const lock of lockNames(jobId("a"), [name], "/run/a.pid"))
          expect(lockNameOf(lockLabel(lock))).toBe(lock);
      }),
    );
  });
});
