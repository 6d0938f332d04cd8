import { expect, onTestFinished, test } from "vitest";
import type { App } from "./booted";
import { AppError } from "./domain/errors";
import { contextOf, requestContext } from "./runtime";
import { slot } from "./slot.mjs";

const app = {
  ports: { operator: { of: "operator" }, run: { of: "run" }, housekeeping: { of: "housekeeping" } },
} as unknown as App;

function processIs(booted: unknown): void {
  const before = slot().booted;
  slot().booted = booted;
  onTestFinished(() => {
    slot().booted = before;
  });
}

test.each([
  ["has not begun", null],
  ["is still booting", { phase: "booting", since: 0 }],
])("a request is refused while the process %s", (_, booted) => {
  processIs(booted);
  expect(() => requestContext()).toThrow(expect.objectContaining({ code: "SUPERVISOR_UNAVAILABLE" }));
});

test("a request to a process that could not come up is answered with the very reason", () => {
  const failure = new AppError("SUPERVISOR_UNAVAILABLE", "The disk is full.");
  processIs({ phase: "failed", failure });
  expect(() => requestContext()).toThrow(failure);
});

test.each(["ready", "stopping"])(
  "a request asks in the operator's line and in its own name while the process is %s",
  (phase) => {
    processIs({ phase, app });
    const { signal } = new AbortController();
    expect(requestContext("run", signal)).toEqual({ of: "operator", actor: "run", signal });
  },
);

test("what the process does by itself waits in the line it names, that of runs unless it says so", () => {
  expect(contextOf(app, "policy")).toEqual({ of: "run", actor: "policy" });
  expect(contextOf(app, "policy", "housekeeping")).toEqual({ of: "housekeeping", actor: "policy" });
});
