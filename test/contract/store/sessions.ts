import { describe, expect, test } from "vitest";
import type { UserChange } from "@/lib/domain/ports/accounts";
import type { UserId } from "@/lib/domain/user";
import { beginSecondFactor, findSecondFactor } from "@/lib/store/second-factors";
import {
  endSessions,
  insertSession,
  listSessions,
  noteSeen,
  sessionByHash,
  sweepSessions,
} from "@/lib/store/sessions";
import type { Store } from "@/lib/store/transaction";
import { deleteUser } from "@/lib/store/users";
import { aKeptSession, aSession, sessionId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { audit, type OpenStore, opened } from "./given";
import { auditCount, change, givenSession, givenUser } from "./given-accounts";

const idsOf = async (store: Store, user: UserId) => (await listSessions(store, user)).map(({ id }) => id);

export function sessionsContract(open: OpenStore): void {
  describe("sessions", () => {
    test.each<[string, UserChange]>([
      ["password", { passwordHash: "hash:other" }],
      ["role", { role: "viewer" }],
      ["grants", { grants: [{ role: "viewer", on: "tag:eu" }] }],
    ])(
      "a change of the %s ends all of the user's but the one that is kept, and no one else's",
      async (_, what) => {
        const store = await opened(open);
        const [anna, bob] = [await givenUser(store, 1), await givenUser(store, 2)];
        const [first, second] = [
          await givenSession(store, 1, anna.id),
          await givenSession(store, 2, anna.id),
        ];
        const others = await givenSession(store, 3, bob.id);
        await change(store, anna.id, what, second);
        expect(await idsOf(store, anna.id)).toEqual([second]);
        await change(store, anna.id, { passwordHash: "hash:third" });
        expect(await idsOf(store, anna.id)).toEqual([]);
        expect(await idsOf(store, bob.id)).toEqual([others]);
        expect(sessionByHash(store, aSession(1, anna.id).hash)).toBeNull();
        expect(first).not.toBe(second);
      },
    );

    test("being disabled ends them; a new name, a note or a change of nothing ends none", async () => {
      const store = await opened(open);
      const { id, role, grants, passwordHash } = await givenUser(store, 1);
      const session = await givenSession(store, 1, id);
      await change(store, id, { name: "other", mustChange: true });
      await change(store, id, { role, grants, passwordHash, disabled: false });
      expect(await idsOf(store, id)).toEqual([session]);
      await change(store, id, { disabled: true });
      expect(await idsOf(store, id)).toEqual([]);
    });

    test("they go with their user, who may be made again without them", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      await givenSession(store, 1, id);
      await beginSecondFactor(store, id, "sealed");
      expect(await deleteUser(store, id, audit("user.deleted"), T0)).toBe("deleted");
      expect(await store.read.session.count()).toBe(0);
      expect(await findSecondFactor(store, id)).toBeNull();
      await givenUser(store, 1);
      expect(await idsOf(store, id)).toEqual([]);
    });

    test("one is found by the hash of its secret alone, with its user; a new one takes the place of another", async () => {
      const store = await opened(open);
      const user = await givenUser(store, 1);
      const before = await givenSession(store, 1, user.id);
      const { hash, signOutHint, ...session } = aKeptSession(2, user.id);
      const proved = { ...session, hash, signOutHint, passwordHash: user.passwordHash };
      await insertSession(store, proved, before, audit("session.renewed"), T0 + 7);
      expect(sessionByHash(store, hash)).toEqual({ session, user: { ...user, lastSignInAt: T0 + 7 } });
      expect(sessionByHash(store, aSession(1, user.id).hash)).toBeNull();
      await noteSeen(store, session.id, T0 + 9);
      expect(sessionByHash(store, hash)?.session.lastSeenAt).toBe(T0 + 9);
    });

    test("one that comes after the password was changed, or the user disabled, is not opened", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      const opens = (number: number) =>
        insertSession(store, aSession(number, id), null, audit("session.opened"), T0);
      expect(await opens(1)).toBe(true);
      await change(store, id, { passwordHash: "hash:other" });
      expect(await opens(2)).toBe(false);
      await change(store, id, { passwordHash: aSession(1, id).passwordHash, disabled: true });
      expect(await opens(3)).toBe(false);
      expect(await idsOf(store, id)).toEqual([]);
    });

    test("a user has so many at most, and the newest is kept also after the clock was set back", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      for (let number = 1; number <= 52; number += 1) await givenSession(store, number, id);
      const early = aSession(99, id, { createdAt: T0 - 60_000, lastSeenAt: T0 - 60_000 });
      await insertSession(store, early, null, audit("session.opened"), T0 - 60_000);
      const kept = await idsOf(store, id);
      expect(kept).toHaveLength(50);
      expect(kept.at(-1)).toBe(early.id);
    });

    test("those that are over are swept, by their end and by how long they idled", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      const times = [
        { endsAt: T0 + 10, lastSeenAt: T0 + 9 },
        { endsAt: T0 + 99, lastSeenAt: T0 },
        { endsAt: T0 + 99, lastSeenAt: T0 + 9 },
      ];
      for (const [index, changes] of times.entries())
        await insertSession(store, aSession(index, id, changes), null, audit("session.opened"), T0);
      expect(await sweepSessions(store, T0 + 10, 10)).toBe(2);
      expect(await idsOf(store, id)).toEqual([sessionId(2)]);
    });

    test("someone else's are not ended, and what ends none leaves no audit row", async () => {
      const store = await opened(open);
      const [anna, bob] = [await givenUser(store, 1), await givenUser(store, 2)];
      const session = await givenSession(store, 1, anna.id);
      const closed = audit("session.closed");
      expect(await endSessions(store, bob.id, { only: session }, closed, T0)).toBe(0);
      expect(await endSessions(store, bob.id, {}, closed, T0)).toBe(0);
      expect(await auditCount(store, closed.action)).toBe(0);
      expect(await endSessions(store, anna.id, {}, closed, T0)).toBe(1);
      expect(await auditCount(store, closed.action)).toBe(1);
    });
  });
}
