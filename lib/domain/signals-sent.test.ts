import { expect, test } from "vitest";
import { signalsSentIn, wasAsked } from "./signals-sent";

const one = { pid: 10, startTicks: 1 };
const other = { pid: 11, startTicks: 2 };
const sent = (data: Readonly<Record<string, unknown>>, type = "signal_sent") => ({ type, data });

test("FR-F3 a later dashboard reads which steps are done and who was asked, and asks none of them again", () => {
  const sofar = signalsSentIn([
    sent({ signal: "SIGUSR1", asked: "program", step: 0, pids: [10], processes: [one] }),
    sent({ signal: "SIGINT", asked: "program", step: 1, pids: [10], processes: [one] }),
  ]);
  expect(sofar).toMatchObject({ asked: true, first: "program", steps: 2, everybody: false });
  expect([one, other, { ...one, startTicks: 9 }].map((each) => wasAsked(sofar, each))).toEqual([
    true,
    false,
    false,
  ]);
  const all = signalsSentIn([
    sent({ signal: "SIGINT", asked: "program", step: 0, processes: [one] }),
    sent({ signal: "SIGINT", asked: "others", step: null, processes: [other] }),
  ]);
  expect(all).toMatchObject({ steps: 1, everybody: true });
});

test("FR-F3 what a version before sequences wrote was one signal to everybody", () => {
  expect(signalsSentIn([sent({ signal: "SIGINT", pids: [10, 11] })])).toMatchObject({
    asked: true,
    first: "program",
    steps: 1,
    everybody: true,
  });
});

test("FR-F4 a signal that nobody got, since the program belongs to another user, has ended nothing", () => {
  const refused = {
    signal: "SIGTERM",
    asked: "program",
    step: 0,
    pids: [],
    notPermitted: [10],
    processes: [one],
  };
  const sofar = signalsSentIn([sent(refused)]);
  expect(sofar).toMatchObject({ asked: false, first: null, steps: 1 });
  expect(wasAsked(sofar, one)).toBe(true);
  expect(signalsSentIn([sent(refused), sent({ pids: [11] }, "leftovers")])).toMatchObject({
    first: "leftovers",
  });
  const some = { ...refused, pids: [11], processes: [one, other] };
  expect(signalsSentIn([sent(some)])).toMatchObject({ asked: true, first: "program" });
});

test("FR-A15 what a program had left is known to the dashboard that writes its end, whichever noticed it", () => {
  const leftBehind = signalsSentIn([
    sent({ pids: [12], commands: ["sleep 300"] }, "leftovers"),
    sent({ signal: "SIGKILL", asked: "tree", step: null, pids: [12] }, "leftover_signal_sent"),
  ]);
  expect(leftBehind).toMatchObject({ first: "leftovers", leftBehind: ["sleep 300"] });
  expect(signalsSentIn([])).toMatchObject({ asked: false, first: null, leftBehind: [] });
});
