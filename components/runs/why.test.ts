import { describe, expect, it } from "vitest";
import { aRunView } from "@/lib/client/run-view.fixture";
import { whatItDoes, whyOf } from "./why";

const running = (
  progress: ReturnType<typeof aRunView>["progress"],
  health: "healthy" | "silent" = "healthy",
) => aRunView({ state: "running", cause: null, reason: null, endedAt: null, health, progress });

describe("what a run in a list does", () => {
  it.each([
    [{ extracted: 1_106, skipped: 9, total: 24_000, message: "page 27" }, "1,106 of 24,000 · page 27"],
    [{ extracted: 7, skipped: null, total: null, message: null }, "7"],
    [{ extracted: null, skipped: null, total: 40, message: "" }, "0 of 40"],
    [{ extracted: null, skipped: null, total: null, message: "logging in" }, "logging in"],
  ])("is how far it says it is: %j", (progress, words) => expect(whatItDoes(running(progress))).toBe(words));

  it("is why it is in its state when it says nothing, is not well, or is over", () => {
    const far = { extracted: 7, skipped: null, total: 40, message: "page 2" };
    expect(whatItDoes(running(null))).toContain("no problem");
    expect(whatItDoes(running(far, "silent"))).toContain("No sign of life");
    expect(whatItDoes(aRunView({ progress: far }))).toBe("Exited with code 0.");
  });
});

describe("why a run is stopping", () => {
  const stopping = (reason: string, health: "healthy" | "overdue" = "healthy") =>
    whyOf(aRunView({ state: "stopping", endedAt: null, health, reason }));

  it("UX-A7 says who asked, and that it is within its grace period only while it is", () => {
    expect(stopping("Stop requested by operator.")).toBe(
      "Stop requested by operator. Stopping, within its grace period.",
    );
    expect(stopping("Stop requested by operator.", "overdue")).toMatch(/longer than is allowed\.$/);
  });

  it("UX-D11 never runs a person's words into ours", () => {
    expect(stopping("Stop requested by operator: trying out stop")).toMatch(/trying out stop\. Stopping,/);
    expect(stopping("Stop requested by operator: “why?”")).toMatch(/“why\?” Stopping,/);
  });
});
