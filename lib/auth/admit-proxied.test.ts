import { expect, test } from "vitest";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import { aDoor, COOKIE, GOOD, withRole } from "@/test/a-door";
import { anIdentity } from "@/test/accounts";
import type { AdmitNeeds } from "./admit";

const OTTO = anIdentity({
  name: "otto",
  via: "proxy",
  viaId: null,
  access: { role: "operator", grants: [] },
});
const HEADER = { "x-remote-user": "otto" };
const PAGE = { ...HEADER, origin: "http://localhost" };

type User = Awaited<ReturnType<NonNullable<AdmitNeeds["proxied"]>["userOf"]>>;

/** A proxy that says who someone is, whatever the address. */
function given(changes: Partial<AdmitNeeds> & { readonly user?: User } = {}) {
  const { user = OTTO, ...needs } = changes;
  let taken = 0;
  const door = aDoor({
    session: withRole("admin"),
    token: anIdentity({ name: "robot", via: "token" }),
    proxied: {
      take: ({ headers }) => {
        taken += 1;
        return headers["x-remote-user"] === undefined ? null : { name: "otto", groups: null };
      },
      userOf: async () => user,
    },
    ...needs,
  });
  return { ...door, taken: () => taken };
}

test("who a proxy names is let in as that user, with what the role allows, whatever session came along", async () => {
  const { ask } = given();
  expect(await ask("GET", "/api/v1/status", HEADER)).toBe("otto");
  expect(await ask("GET", "/api/v1/users", { ...COOKIE, ...HEADER })).toBe("NOT_ALLOWED");
  expect(await ask("GET", "/api/v1/users", COOKIE)).toBe("anna");
});

test("a browser sends it along with whatever it is asked to, so a change has to come from a page of ours", async () => {
  const { ask } = given();
  expect(await ask("POST", "/api/v1/stop-all", HEADER)).toBe("FOREIGN_ORIGIN");
  expect(await ask("POST", "/api/v1/stop-all", PAGE)).toBe("otto");
});

test("a token and the owner's socket go before it; the headers are taken off all the same", async () => {
  const { ask, taken } = given();
  expect(await ask("POST", "/api/v1/stop-all", { ...HEADER, ...GOOD })).toBe("robot");
  expect(await ask("GET", "/api/v1/users", HEADER, true)).toBe("owner");
  const open = given({ open: true });
  expect(await open.ask("GET", "/api/v1/users", HEADER)).toBe("operator");
  expect([taken(), open.taken()]).toEqual([2, 1]);
});

test("who is not let in is told so: a program by a code, a person by a page that says why", async () => {
  const { ask } = given({ user: signInProblem("USER_DISABLED") });
  expect(await ask("GET", "/api/v1/status", HEADER)).toBe("USER_DISABLED");
  expect(await ask("GET", "/jobs", HEADER)).toBe("to /sign-in?problem=USER_DISABLED");
  expect(await ask("GET", "/sign-in", HEADER)).toBe("anyone");
  expect(await ask("POST", "/api/v1/session", PAGE)).toBe("anyone");
});

test("where the proxy's user does not count yet, a session does", async () => {
  const { ask } = given({ user: null });
  expect(await ask("GET", "/api/v1/users", { ...COOKIE, ...HEADER })).toBe("anna");
  expect(await ask("GET", "/jobs", HEADER)).toBe("to /sign-in?next=%2Fjobs");
});
