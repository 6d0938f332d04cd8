import type { Client, Identity, Role } from "@/lib/domain/access";
import { type AppError, isAppError } from "@/lib/domain/errors";
import type { ProxyPeople } from "@/lib/domain/ports/identities";
import { isUsable } from "@/lib/domain/provided-name";
import { roleOfGroups } from "@/lib/domain/role-rules";
import { signInProblem } from "@/lib/domain/sign-in-problems";
import type { ProxySettings } from "@/lib/domain/sign-in-settings";
import type { UserId } from "@/lib/domain/user";
import type { AskedFor } from "@/lib/slot.mjs";
import type { Identify } from "./identify";

/** As the headers say it. `groups` null: they are not asked for. */
export type Named = { readonly name: string; readonly groups: readonly string[] | null };

export type ProxyUsers = {
  /**
   * Takes the headers off the request, wherever it comes from: nothing else reads them.
   * @returns null: no proxy names anyone
   */
  take(asked: AskedFor): Named | null;
  /** @returns null: as if no one was named; an error: someone who is not let in */
  userOf(named: Named, client: Client): Promise<Identity | AppError | null>;
};

export type ProxyNeeds = {
  readonly settings: ProxySettings;
  readonly isProxy: (peer: string | undefined) => boolean;
  readonly identify: Pick<Identify, "namedBy">;
  readonly people: ProxyPeople;
  readonly hasUsers: () => boolean;
  readonly onRefused: (name: string, why: AppError, client: Client) => void;
};

/** Users are known by the name in a header, which counts only on a connection of a proxy that is listed. */
export function proxyUsers(needs: ProxyNeeds): ProxyUsers {
  const { settings, isProxy, identify, people, hasUsers } = needs;
  const { header, groups } = settings;
  const once = onlyOnce();

  /** Of the groups; without those, of a user who is not known yet. null: none. */
  const roleFor = (list: Named["groups"]): Role | null =>
    groups === null ? settings.role : roleOfGroups(groups.roles, list ?? []);

  async function userNamed(
    name: string,
    role: Role | null,
    client: Client,
  ): Promise<Identity | AppError | null> {
    if (groups !== null && role === null) return refused("none of the groups has a role");
    const known = identify.namedBy(name, client);
    if (known !== null)
      return known === "disabled" ? signInProblem("USER_DISABLED") : withRole(known, role, client);
    if (role === null) return refused("unknown user");
    // The link that was printed makes the first admin; no one else comes before.
    if (role !== "admin" && !hasUsers()) return null;
    await once(name.toLowerCase(), () => people.make(name, role, client.address));
    const made = identify.namedBy(name, client);
    return made === "disabled" ? signInProblem("USER_DISABLED") : made;
  }

  /** With groups the role follows them, up and down. */
  async function withRole(
    who: Identity,
    role: Role | null,
    client: Client,
  ): Promise<Identity | AppError | null> {
    if (groups === null || role === null || who.access.role === role) return who;
    await once(`${who.name}:${role}`, () => people.changeRole(who.userId as UserId, role, client.address));
    const now = identify.namedBy(who.name, client);
    return now === "disabled" ? signInProblem("USER_DISABLED") : now;
  }

  async function userOrRefusal({ name, groups: list }: Named, client: Client) {
    // Two headers of the name arrive as one with a comma, so neither the proxy's nor the other is believed.
    if (!isUsable(name)) return refused("no name of a user");
    try {
      return await userNamed(name, roleFor(list), client);
    } catch (error) {
      if (isAppError(error)) return error;
      throw error;
    }
  }

  return {
    take: ({ headers, peer, byOwner }) => {
      const name = taken(headers, header);
      const list = groups === null ? null : listed(taken(headers, groups.header));
      return byOwner || !isProxy(peer) || name === "" ? null : { name, groups: list };
    },
    userOf: async (named, client) => {
      const who = await userOrRefusal(named, client);
      if (isAppError(who)) needs.onRefused(named.name, who, client);
      return who;
    },
  };
}

function refused(why: string): AppError {
  return signInProblem("PROXY_USER_REFUSED", { why });
}

/** "": there was none. */
function taken(headers: AskedFor["headers"], name: string): string {
  const value = headers[name];
  delete headers[name];
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim();
}

function listed(text: string): readonly string[] {
  return text
    .split(",")
    .map((group) => group.trim())
    .filter((group) => group !== "");
}

/** What many requests want at the same moment is done once, and all of them wait for it. */
function onlyOnce(): (what: string, work: () => Promise<void>) => Promise<void> {
  const going = new Map<string, Promise<void>>();
  return (what, work) => {
    const before = going.get(what);
    if (before !== undefined) return before;
    const now = work().finally(() => going.delete(what));
    going.set(what, now);
    return now;
  };
}
