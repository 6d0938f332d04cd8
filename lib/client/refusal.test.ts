import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "./problem";

const assign = vi.fn();
const fetched = vi.fn();
let restored = () => {};

const SIGNED_OUT = new ApiProblem("SIGNED_OUT", "You are not signed in.", 401);
const PASSWORD_FIRST = new ApiProblem("PASSWORD_CHANGE_NEEDED", "Choose your own first.", 403);
const me = { name: "ada", role: "admin", grants: [], via: "session", user: "usr_1", mustChange: false };

/** What the server says of who is signed in, when it is asked. */
function answer(who: typeof me | null) {
  fetched.mockImplementation(async () => Response.json({ me: who, setUp: false, secure: false, oidc: null }));
}

/** A page with nothing remembered. */
async function at(pathname: string, search = "") {
  vi.stubGlobal("window", {
    location: { pathname, search, assign },
    addEventListener: (_name: string, listener: () => void) => {
      restored = listener;
    },
  });
  vi.stubGlobal("fetch", fetched);
  vi.resetModules();
  return { ...(await import("./refusal")), ...(await import("./leave")) };
}

/** Until the question whether the session is really over has been answered. */
const answered = () =>
  vi.waitFor(() => expect(fetched).toHaveReturned()).then(() => new Promise(setImmediate));

beforeEach(() => answer(null));
afterEach(() => {
  vi.unstubAllGlobals();
  assign.mockReset();
  fetched.mockReset();
});

describe("followRefusal", () => {
  it("goes to sign in once, however many polls are refused, and remembers the page", async () => {
    const { followRefusal } = await at("/runs", "?state=failed");
    for (let poll = 0; poll < 20; poll += 1) followRefusal(SIGNED_OUT);
    await answered();
    followRefusal(SIGNED_OUT);
    await answered();
    expect(assign.mock.calls).toEqual([["/sign-in?next=%2Fruns%3Fstate%3Dfailed"]]);
  });

  it("stays where the session was only given a new secret meanwhile", async () => {
    answer(me);
    const { followRefusal } = await at("/account");
    followRefusal(SIGNED_OUT);
    await answered();
    expect(assign).not.toHaveBeenCalled();
  });

  it("asks again at the next refusal when the server did not say", async () => {
    fetched.mockImplementation(async () => Promise.reject(new Error("gone")));
    const { followRefusal } = await at("/");
    followRefusal(SIGNED_OUT);
    await answered();
    expect(assign).not.toHaveBeenCalled();
    answer(null);
    followRefusal(SIGNED_OUT);
    await vi.waitFor(() => expect(assign).toHaveBeenCalledWith("/sign-in"));
  });

  it("stays on the pages for people who are not signed in", async () => {
    for (const door of ["/sign-in", "/set-up"]) {
      const { followRefusal } = await at(door);
      followRefusal(SIGNED_OUT);
      await new Promise(setImmediate);
      expect(fetched, door).not.toHaveBeenCalled();
    }
  });

  it("goes to the account where a password has to be chosen first, unless it is there", async () => {
    const elsewhere = await at("/jobs");
    elsewhere.followRefusal(PASSWORD_FIRST);
    expect(assign.mock.calls).toEqual([["/account"]]);
    assign.mockReset();
    const there = await at("/account");
    there.followRefusal(PASSWORD_FIRST);
    expect(assign).not.toHaveBeenCalled();
  });

  it("leaves other refusals to the page", async () => {
    const { followRefusal } = await at("/jobs");
    followRefusal(new ApiProblem("NOT_ALLOWED", "This needs the role admin.", 403));
    followRefusal(new ApiProblem("SIGN_IN_FAILED", "Wrong.", 401));
    expect(assign).not.toHaveBeenCalled();
    expect(fetched).not.toHaveBeenCalled();
  });
});

describe("leaveAfter", () => {
  it("lets nothing else send the browser away meanwhile", async () => {
    const { leaveAfter, leaveFor } = await at("/jobs");
    await leaveAfter(async () => {
      leaveFor("/sign-in?next=%2Fjobs");
      return "/sign-in";
    });
    expect(assign.mock.calls).toEqual([["/sign-in"]]);
  });

  it("stays when it could not be done, and can leave later", async () => {
    const { leaveAfter, leaveFor } = await at("/jobs");
    const refused = leaveAfter(() => Promise.reject(new Error("no answer")));
    await expect(refused).rejects.toThrow("no answer");
    expect(assign).not.toHaveBeenCalled();
    leaveFor("/account");
    expect(assign).toHaveBeenCalledWith("/account");
  });

  it("can leave again once the Back button has brought the page back", async () => {
    const { leaveFor } = await at("/jobs");
    leaveFor("/sign-in");
    leaveFor("/sign-in");
    expect(assign).toHaveBeenCalledTimes(1);
    restored();
    leaveFor("/sign-in");
    expect(assign).toHaveBeenCalledTimes(2);
  });
});
