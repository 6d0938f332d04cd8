import { describe, expect, test } from "vitest";
import type { Identity, Role } from "@/lib/domain/access";
import { type AppError, isAppError } from "@/lib/domain/errors";
import { parseRoleRules } from "@/lib/domain/role-rules";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import type { ProxySettings } from "@/lib/domain/sign-in-settings";
import { anIdentity } from "@/test/accounts";
import { type ProxyNeeds, proxyUsers } from "./proxy-users";

const CLIENT = { address: "198.51.100.4", secure: true };
const PROXY = "10.0.0.7";
const GROUPS = { header: "x-remote-groups", roles: parseRoleRules("admin=ops-admins,viewer=staff").rules };

/** Users by name, of whom a proxy may make more. */
function given(settings: Partial<ProxySettings> = {}, more: Partial<ProxyNeeds> = {}) {
  const users = new Map<string, Identity | "disabled">([
    ["anna", anIdentity({ name: "anna", via: "proxy", access: { role: "operator", grants: [] } })],
    ["gone", "disabled"],
  ]);
  const made: string[] = [];
  const refused: string[] = [];
  const put = (name: string, role: Role) =>
    users.set(
      name.toLowerCase(),
      anIdentity({ name, via: "proxy", userId: name, access: { role, grants: [] } }),
    );
  const sut = proxyUsers({
    settings: { header: "x-remote-user", role: "viewer", groups: null, ...settings },
    isProxy: (peer) => peer === PROXY,
    identify: { namedBy: (name) => users.get(name.toLowerCase()) ?? null },
    people: {
      make: async (name, role, address) => {
        made.push(`${name}: ${role} from ${address}`);
        await new Promise((resolve) => setImmediate(resolve));
        put(name, role);
      },
      changeRole: async (id, role) => {
        made.push(`${id} is ${role}`);
        if (id === "last") throw signInProblem("LAST_ADMIN");
        put(id, role);
      },
    },
    hasUsers: () => true,
    onRefused: (name, { code, details }) => refused.push(`${name}: ${details.why ?? code}`),
    ...more,
  });
  const ask = async (headers: Record<string, string>, peer = PROXY, byOwner = false) => {
    const named = sut.take({ method: "GET", url: "/", headers, peer, byOwner });
    return named === null ? "none named" : inWords(await sut.userOf(named, CLIENT));
  };
  return { sut, ask, made, refused, users, put };
}

function inWords(who: Identity | AppError | null): string {
  if (who === null) return "no one";
  return isAppError(who) ? who.code : `${who.name}: ${who.access.role}`;
}

const user = (name: string) => ({ "x-remote-user": name });

describe("the header", () => {
  test("counts on a connection of a proxy that is listed, and nowhere else", async () => {
    const { ask } = given();
    expect(await ask(user("anna"))).toBe("anna: operator");
    expect(await ask(user("anna"), "198.51.100.4")).toBe("none named");
    expect(await ask(user("anna"), PROXY, true)).toBe("none named");
    expect(await ask({})).toBe("none named");
    expect(await ask(user(" "))).toBe("none named");
  });

  test("is taken off the request, wherever it came from", () => {
    const { sut } = given({ groups: GROUPS });
    for (const peer of [PROXY, "198.51.100.4"]) {
      const headers = { "x-remote-user": "anna", "x-remote-groups": "staff", accept: "*/*" };
      sut.take({ method: "GET", url: "/", headers, peer, byOwner: false });
      expect(headers).toEqual({ accept: "*/*" });
    }
  });

  test("that came twice, or cannot be a name, lets no one in", async () => {
    const { ask, refused, made } = given();
    for (const name of ["anna, eve", "eve,anna", "an na", "owner", "system", "-anna", "anna\u0000"])
      expect(await ask(user(name)), name).toBe("PROXY_USER_REFUSED");
    expect([refused.length, made]).toEqual([7, []]);
  });
});

describe("a user who is not known", () => {
  test("is made at first sight, with the usual role", async () => {
    const { ask, made } = given();
    expect(await ask(user("otto"))).toBe("otto: viewer");
    expect(made).toEqual(["otto: viewer from 198.51.100.4"]);
    expect(await ask(user("OTTO"))).toBe("otto: viewer");
    expect(made).toHaveLength(1);
  });

  test("is made once, also of ten requests at the same moment", async () => {
    const { ask, made } = given();
    const all = await Promise.all(Array.from({ length: 10 }, () => ask(user("otto"))));
    expect(new Set(all)).toEqual(new Set(["otto: viewer"]));
    expect(made).toHaveLength(1);
  });

  test("is refused where none is to be made", async () => {
    const { ask, made } = given({ role: null });
    expect(await ask(user("otto"))).toBe("PROXY_USER_REFUSED");
    expect(await ask(user("anna"))).toBe("anna: operator");
    expect(made).toEqual([]);
  });

  test("does not come before the first admin", async () => {
    const early = given({}, { hasUsers: () => false });
    expect(await early.ask(user("otto"))).toBe("no one");
    const admins = given({ role: "admin" }, { hasUsers: () => false });
    expect(await admins.ask(user("otto"))).toBe("otto: admin");
    expect(early.made).toEqual([]);
  });
});

test("a user who is there keeps the role, and a disabled one is refused", async () => {
  const { ask, made, refused } = given();
  expect(await ask(user("ANNA"))).toBe("anna: operator");
  expect(await ask(user("gone"))).toBe("USER_DISABLED");
  expect([made, refused]).toEqual([[], ["gone: USER_DISABLED"]]);
});

describe("with groups", () => {
  const withGroups = (name: string, groups?: string) => ({
    ...user(name),
    ...(groups === undefined ? {} : { "x-remote-groups": groups }),
  });

  test("the role follows them, up and down", async () => {
    const { ask, made } = given({ groups: GROUPS });
    expect(await ask(withGroups("otto", "staff"))).toBe("otto: viewer");
    expect(await ask(withGroups("otto", "staff, ops-admins"))).toBe("otto: admin");
    expect(await ask(withGroups("otto", "staff"))).toBe("otto: viewer");
    expect(await ask(withGroups("otto", "staff"))).toBe("otto: viewer");
    expect(made).toEqual(["otto: viewer from 198.51.100.4", "otto is admin", "otto is viewer"]);
  });

  test("that have no role, and none at all, let no one in", async () => {
    const { ask, refused } = given({ groups: GROUPS });
    expect(await ask(withGroups("anna", "sales"))).toBe("PROXY_USER_REFUSED");
    expect(await ask(withGroups("anna"))).toBe("PROXY_USER_REFUSED");
    expect(refused[0]).toBe("anna: none of the groups has a role");
  });

  test("the last admin's role does not fall", async () => {
    const { ask, put } = given({ groups: GROUPS });
    put("last", "admin");
    expect(await ask(withGroups("last", "staff"))).toBe("LAST_ADMIN");
    expect(await ask(withGroups("last", "ops-admins"))).toBe("last: admin");
  });
});
