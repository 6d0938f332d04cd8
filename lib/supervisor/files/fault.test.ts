import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";

let kill: MockInstance<typeof process.kill>;
beforeEach(() => {
  vi.resetModules();
  kill = vi.spyOn(process, "kill").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  kill.mockRestore();
});

async function passing(count: number, point: "after-spawn" | "after-spec" = "after-spawn"): Promise<number> {
  const { faultPoint } = await import("./fault");
  for (let passed = 0; passed < count; passed += 1) faultPoint(point);
  return kill.mock.calls.length;
}

test("outside of test builds a fault point does nothing, whatever the environment asks for", async () => {
  vi.stubEnv("UNSTUCK_TEST_BUILD", "");
  vi.stubEnv("UNSTUCK_FAULT", "after-spawn");
  expect(await passing(3)).toBe(0);
});

test("in a test build the process ends, without a farewell, the given time it comes by", async () => {
  vi.stubEnv("UNSTUCK_TEST_BUILD", "1");
  vi.stubEnv("UNSTUCK_FAULT", "after-spawn:3");
  expect(await passing(2)).toBe(0);
  expect(await passing(5, "after-spec")).toBe(0);
  expect(await passing(1)).toBe(1);
  expect(kill).toHaveBeenCalledWith(process.pid, "SIGKILL");
});
