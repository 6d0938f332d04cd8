import { describe, expect, test } from "vitest";
import { insertUserWithIdentity, linkIdentity } from "@/lib/store/identities";
import { countUsers, userByName } from "@/lib/store/users";
import { aNewUser } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { audit, type OpenStore, opened } from "./given";
import { auditCount, givenUser } from "./given-accounts";

const ADA = { issuer: "https://login.example.org", subject: "ada" };

export function identitiesContract(open: OpenStore): void {
  describe("identities at a provider", () => {
    test("of two sign-ins at the same moment one makes the user, and only its row is there", async () => {
      const store = await opened(open);
      const made = await Promise.all(
        [1, 2].map((number) =>
          insertUserWithIdentity(store, aNewUser(number), ADA, audit("user.created"), T0),
        ),
      );
      expect(made.map((user) => (typeof user === "string" ? user : user.name))).toEqual([
        "user-1",
        "identity_taken",
      ]);
      expect(await countUsers(store)).toBe(1);
      expect(await auditCount(store, "user.created")).toBe(1);
    });

    test("one is linked to one user, also when two ask at the same moment", async () => {
      const store = await opened(open);
      const [one, other] = [await givenUser(store, 1), await givenUser(store, 2)];
      const answers = await Promise.all(
        [one, other].map(({ id }) => linkIdentity(store, id, ADA, audit("user.identity_linked"), T0)),
      );
      expect(answers).toEqual(["linked", "taken"]);
      expect(await auditCount(store, "user.identity_linked")).toBe(1);
    });

    test("a user is found at once by the name, whatever its case", async () => {
      const store = await opened(open);
      await givenUser(store, 1, { name: "Ada" });
      expect(userByName(store, "aDA")?.name).toBe("Ada");
      expect(userByName(store, "eve")).toBeNull();
    });
  });
}
