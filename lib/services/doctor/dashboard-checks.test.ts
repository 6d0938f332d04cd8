import { expect, test } from "vitest";
import type { DoctorFacts } from "@/lib/domain/ports/doctor-facts";
import { environment, processes } from "./dashboard-checks";

const facts = (notCarried: string[]) =>
  ({ environment: { use: "short", names: [], missing: [], notCarried } }) as unknown as DoctorFacts;

test("FR-F8 the doctor names variables that would be inherited under a name no launcher can carry", () => {
  expect(environment(facts(["UID", "a.b"]))).toMatchObject({
    status: "warn",
    found: expect.stringContaining("UID, a.b"),
  });
  expect(environment(facts([]))).toMatchObject({ status: "ok" });
});

test("FR-A6 the doctor says where the system hides other users' processes, and what mends it", () => {
  const hiding = (hidesProcesses: boolean) => processes({ hidesProcesses } as DoctorFacts);
  expect(hiding(true)).toMatchObject({ status: "warn", fix: expect.stringContaining("ProtectProc=default") });
  expect(hiding(false)).toMatchObject({ status: "ok" });
});
