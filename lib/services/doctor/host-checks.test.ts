import { expect, test } from "vitest";
import type { DoctorFacts } from "./facts";
import { environment } from "./host-checks";

const facts = (notCarried: string[]) =>
  ({ environment: { use: "short", names: [], missing: [], notCarried } }) as unknown as DoctorFacts;

test("FR-F8 the doctor names variables that would be inherited under a name no launcher can carry", () => {
  expect(environment(facts(["UID", "a.b"]))).toMatchObject({
    status: "warn",
    found: expect.stringContaining("UID, a.b"),
  });
  expect(environment(facts([]))).toMatchObject({ status: "ok" });
});
