import { describe, expect, onTestFinished, test } from "vitest";
import { aBoard } from "@/test/a-board";
import { aContext } from "@/test/a-context";
import { anIdentity } from "@/test/accounts";
import { aJob, jobId } from "@/test/factories";
import { askedBy } from "./asking";
import { sessionCookie } from "./auth/cookies";
import type { App } from "./booted";
import type { Asking } from "./domain/access";
import { AppError } from "./domain/errors";
import {
  accessOfAsker,
  contextOf,
  publicContext,
  requestContext,
  sessionCookieOf,
  statusBoard,
} from "./runtime";
import { slot } from "./slot.mjs";

const app = {
  ports: { operator: { of: "operator" }, run: { of: "run" }, housekeeping: { of: "housekeeping" } },
  auth: { cookie: sessionCookie("wrk_1") },
  status: aBoard(aContext({ jobs: ["a", "b"].map((id) => aJob({ id: jobId(id) })) })),
} as unknown as App;

const BY: Asking = { who: anIdentity({ name: "anna" }), client: { address: "192.0.2.7", secure: false } };
const NO_ONE: Asking = { ...BY, who: null };

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
  const unavailable = expect.objectContaining({ code: "SUPERVISOR_UNAVAILABLE" });
  expect(() => requestContext()).toThrow(unavailable);
  expect(() => publicContext()).toThrow(unavailable);
  expect(() => askedBy(BY, () => requestContext())).toThrow(unavailable);
  expect(() => askedBy(BY, () => statusBoard())).toThrow(unavailable);
});

test("a request to a process that could not come up is answered with the very reason", () => {
  const failure = new AppError("SUPERVISOR_UNAVAILABLE", "The disk is full.");
  processIs({ phase: "failed", failure });
  expect(() => requestContext()).toThrow(failure);
  expect(() => publicContext()).toThrow(failure);
});

test.each(["ready", "stopping"])(
  "a request asks in the operator's line and in the name of who asks while the process is %s",
  (phase) => {
    processIs({ phase, app });
    const { signal } = new AbortController();
    expect(askedBy(BY, () => requestContext(signal))).toEqual({
      of: "operator",
      actor: "anna",
      ...BY,
      signal,
    });
  },
);

describe("what no one was let in for", () => {
  const signedOut = expect.objectContaining({ code: "SIGNED_OUT" });

  test("is refused once more, whether it came past the door or through it", () => {
    processIs({ phase: "ready", app });
    expect(() => requestContext()).toThrow(signedOut);
    expect(() => askedBy(NO_ONE, () => requestContext())).toThrow(signedOut);
    expect(() => askedBy(NO_ONE, () => statusBoard())).toThrow(signedOut);
    expect(() => statusBoard()).toThrow(signedOut);
    expect(() => accessOfAsker()).toThrow(signedOut);
  });

  test("is answered where that is public, in no one's name", () => {
    processIs({ phase: "ready", app });
    const signal = undefined;
    expect(askedBy(NO_ONE, () => publicContext())).toEqual({
      of: "operator",
      actor: "unknown",
      ...NO_ONE,
      signal,
    });
    expect(askedBy(BY, () => publicContext())).toMatchObject({ actor: "anna", who: BY.who });
    expect(publicContext()).toMatchObject({ who: null, client: { address: null, secure: false } });
  });
});

test("who asks sees the jobs that their role or a grant reaches, and who sees all gets the board itself", async () => {
  processIs({ phase: "ready", app });
  const grants = [{ role: "viewer", on: "job:b" }] as const;
  const some = { ...BY, who: anIdentity({ access: { role: null, grants } }) };
  expect(askedBy(BY, () => statusBoard())).toBe(app.status);
  const { statuses } = await askedBy(some, () => statusBoard()).now();
  expect(statuses.map(({ job }) => job.id)).toEqual(["b"]);
  expect(askedBy(some, () => accessOfAsker())).toEqual({ role: null, grants });
});

test("the cookie is that of the way the request came", () => {
  processIs({ phase: "ready", app });
  const secure = { ...BY, client: { ...BY.client, secure: true } };
  const set = (by: Asking) => askedBy(by, () => sessionCookieOf().set("secret"));
  expect(set(BY)).toMatch(/^unstuck-/);
  expect(set(secure)).toMatch(/^__Host-unstuck-.*; Secure$/);
  expect(askedBy(secure, () => sessionCookieOf().clear())).toMatch(
    /^__Host-unstuck-[0-9a-f]{8}=; .*Max-Age=0/,
  );
});

test("what the process does by itself waits in the line it names, that of runs unless it says so", () => {
  expect(contextOf(app, "policy")).toEqual({ of: "run", actor: "policy" });
  expect(contextOf(app, "policy", "housekeeping")).toEqual({ of: "housekeeping", actor: "policy" });
});
