import { describe, expect, test } from "vitest";
import type { UserChange } from "@/lib/domain/ports/accounts";
import type { UserId } from "@/lib/domain/user";
import { hasUsers } from "@/lib/store/sessions";
import type { Store } from "@/lib/store/transaction";
import { changeUser, countUsers, deleteUser, findUser, findUserByName, insertUser } from "@/lib/store/users";
import { aNewUser } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { auditContract } from "./audit";
import { audit, type OpenStore, opened } from "./given";
import { auditCount, change, givenUser } from "./given-accounts";
import { sessionsContract } from "./sessions";
import { signInContract } from "./sign-in";

const ADMIN = { role: "admin" } as const;

export function accountsContract(open: OpenStore): void {
  describe("users", () => {
    test("of two who set up at the same moment one makes the first user, and the other makes none", async () => {
      const store = await opened(open);
      expect(hasUsers(store)).toBe(false);
      const made = await Promise.all(
        [1, 2].map((number) =>
          insertUser(store, aNewUser(number, ADMIN), true, audit("user.first_admin"), T0),
        ),
      );
      expect(made.map((user) => user?.name ?? null)).toEqual(["user-1", null]);
      expect(await countUsers(store)).toBe(1);
      expect(hasUsers(store)).toBe(true);
      expect(await auditCount(store)).toBe(1);
    });

    test("a name is one user's, whatever the case of its letters, also of two at the same moment", async () => {
      const store = await opened(open);
      const made = await Promise.all(
        ["Anna", "aNNA"].map((name, index) =>
          insertUser(store, aNewUser(index, { name }), false, audit("user.created"), T0),
        ),
      );
      expect(made.map((user) => user?.name ?? null)).toEqual(["Anna", null]);
      expect((await findUserByName(store, "ANNA"))?.name).toBe("Anna");
      const bob = await givenUser(store, 5, { name: "bob" });
      expect(await change(store, bob.id, { name: "anna" })).toBe("name_taken");
      expect(await change(store, bob.id, { name: "BOB" })).toMatchObject({ name: "BOB", version: 2 });
    });

    test("a change of a version that is not the newest is refused and writes nothing", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      const at = (version: number) =>
        changeUser(store, id, { name: "other" }, { version, keep: null }, audit("user.changed"), T0 + 1);
      const answers = await Promise.all([at(1), at(1)]);
      expect(answers).toEqual([expect.objectContaining({ version: 2, updatedAt: T0 + 1 }), "stale"]);
      expect(await auditCount(store, "user.changed")).toBe(1);
    });

    const LOSSES: readonly (readonly [string, UserChange | null])[] = [
      ["demoted", { role: "operator" }],
      ["left with grants alone", { role: null, grants: [{ role: "operator", on: "job:shop" }] }],
      ["disabled", { disabled: true }],
      ["deleted", null],
    ];
    const lose = (store: Store, id: UserId, what: UserChange | null) =>
      what === null ? deleteUser(store, id, audit("user.deleted"), T0) : change(store, id, what);

    test.each(LOSSES)(
      "the last admin is not %s, and of two at the same moment one stays",
      async (_, loss) => {
        const store = await opened(open);
        const [anna, bob] = [await givenUser(store, 1, ADMIN), await givenUser(store, 2, ADMIN)];
        await givenUser(store, 3);
        const answers = await Promise.all([anna, bob].map(({ id }) => lose(store, id, loss)));
        expect(answers[0]).not.toBe("last_admin");
        expect(answers[1]).toBe("last_admin");
        expect(await findUser(store, bob.id)).toEqual(bob);
        expect(await lose(store, bob.id, loss)).toBe("last_admin");
      },
    );

    test("an admin who is disabled counts for nothing, and may be deleted", async () => {
      const store = await opened(open);
      const [anna, bob] = [await givenUser(store, 1, ADMIN), await givenUser(store, 2, ADMIN)];
      await change(store, anna.id, { disabled: true });
      expect(await change(store, bob.id, { role: "viewer" })).toBe("last_admin");
      expect(await change(store, bob.id, { name: "still admin" })).toMatchObject(ADMIN);
      expect(await deleteUser(store, anna.id, audit("user.deleted"), T0)).toBe("deleted");
    });

    test("a role that a later version wrote is none", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      await store.write((tx) => tx.user.update({ where: { id }, data: { role: "owner" } }));
      expect(await findUser(store, id)).toMatchObject({ role: null });
    });
  });

  sessionsContract(open);
  signInContract(open);
  auditContract(open);
}
