import { describe, expect, test } from "vitest";
import { FORGOTTEN_AFTER_MS } from "@/lib/domain/sign-in-delay";
import type { UserId } from "@/lib/domain/user";
import { insertToken, listTokens, noteUsed, revokeToken, tokenByHash } from "@/lib/store/api-tokens";
import {
  beginSecondFactor,
  confirmSecondFactor,
  findSecondFactor,
  takeRecoveryCode,
  takeStep,
} from "@/lib/store/second-factors";
import { forgiveAttempt, sweepDelays, takeAttempt } from "@/lib/store/sign-in-delays";
import type { Store } from "@/lib/store/transaction";
import { findUser } from "@/lib/store/users";
import { aNewToken, tokenId } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { audit, type OpenStore, opened } from "./given";
import { auditCount, givenUser } from "./given-accounts";

export function signInContract(open: OpenStore): void {
  describe("a second factor", () => {
    async function inForce(store: Store, recovery: readonly string[] = []): Promise<UserId> {
      const { id } = await givenUser(store, 1);
      await beginSecondFactor(store, id, "sealed");
      expect(await confirmSecondFactor(store, id, 7, recovery, audit("added"), T0)).toBe(true);
      return id;
    }

    test("takes each time step once, also of requests at the same moment, and none before it", async () => {
      const store = await opened(open);
      const id = await inForce(store);
      const taken = await Promise.all([8, 8, 8].map((step) => takeStep(store, id, step)));
      expect(taken).toEqual([true, false, false]);
      expect(await takeStep(store, id, 7)).toBe(false);
      expect(await takeStep(store, id, 9)).toBe(true);
    });

    test("takes each recovery code once, also of requests at the same moment, with one audit row", async () => {
      const store = await opened(open);
      const id = await inForce(store, ["a", "b"]);
      const take = (hash: string) => takeRecoveryCode(store, id, hash, audit("used"), T0);
      expect(await Promise.all(["a", "a", "b", "c"].map(take))).toEqual([true, false, true, false]);
      expect((await findSecondFactor(store, id))?.recovery).toEqual([]);
      expect(await auditCount(store, "used")).toBe(2);
    });

    test("is confirmed once, and counts for nothing before that", async () => {
      const store = await opened(open);
      const { id } = await givenUser(store, 1);
      await beginSecondFactor(store, id, "sealed");
      expect((await findUser(store, id))?.hasSecondFactor).toBe(false);
      expect(await takeRecoveryCode(store, id, "a", audit("used"), T0)).toBe(false);
      const confirmed = ["a", "b"].map((code) =>
        confirmSecondFactor(store, id, 7, [code], audit("added"), T0),
      );
      expect(await Promise.all(confirmed)).toEqual([true, false]);
      expect(await findSecondFactor(store, id)).toMatchObject({
        confirmedAt: T0,
        lastStep: 7,
        recovery: ["a"],
      });
      expect(await beginSecondFactor(store, id, "another")).toBe(false);
      expect((await findUser(store, id))?.hasSecondFactor).toBe(true);
    });
  });

  describe("tokens", () => {
    test("are found by the hash of what they are, which no list shows, and stay after they are revoked", async () => {
      const store = await opened(open);
      const { hash, ...given } = aNewToken(1, {
        grants: [{ role: "operator", on: "tag:eu" }],
        expiresAt: T0 + 9,
      });
      const token = await insertToken(store, { ...given, hash }, audit("token.created"), T0);
      expect(token).toEqual({ ...given, createdAt: T0, lastUsedAt: null, revokedAt: null, revokedBy: null });
      expect(tokenByHash(store, hash)).toEqual(token);
      await noteUsed(store, token.id, T0 + 3);
      expect((await listTokens(store))[0]).toEqual({ ...token, lastUsedAt: T0 + 3 });
      expect(tokenByHash(store, "another")).toBeNull();
      const revoke = (by: string) => revokeToken(store, token.id, by, audit("token.revoked"), T0 + 5);
      expect((await Promise.all(["anna", "bob"].map(revoke))).map((one) => one?.revokedBy)).toEqual([
        "anna",
        "anna",
      ]);
      expect(await auditCount(store, "token.revoked")).toBe(1);
      expect(await revokeToken(store, tokenId(9), "anna", audit("token.revoked"), T0)).toBeNull();
    });
  });

  describe("attempts to sign in", () => {
    const NAME = { key: "name:anna", kind: "name" } as const;
    const ADDRESS = { key: "address:192.0.2.7", kind: "address" } as const;
    const countsOf = async (store: Store) =>
      Object.fromEntries((await store.read.signInDelay.findMany()).map(({ key, count }) => [key, count]));

    test("are all counted, however many are made at the same moment: three of a name are free", async () => {
      const store = await opened(open);
      const take = () => takeAttempt(store, [NAME, ADDRESS], T0);
      const waits = await Promise.all(Array.from({ length: 50 }, take));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(4);
      expect(new Set(waits.slice(4))).toEqual(new Set([1_000]));
      expect(await countsOf(store)).toEqual({ [NAME.key]: 4, [ADDRESS.key]: 4 });
    });

    test("from one address with many names are stopped by the address", async () => {
      const store = await opened(open);
      const take = (_: unknown, index: number) =>
        takeAttempt(store, [{ ...NAME, key: `name:${index}` }, ADDRESS], T0);
      const waits = await Promise.all(Array.from({ length: 30 }, take));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(11);
    });

    test("wait twice as long after each failure, and one that has to wait is not counted", async () => {
      const store = await opened(open);
      for (let time = 0; time < 4; time += 1) await takeAttempt(store, [NAME], T0);
      const waits: number[] = [];
      for (let at = T0; waits.length < 5; at += waits.at(-1) ?? 0) {
        waits.push(await takeAttempt(store, [NAME], at));
        expect(await takeAttempt(store, [NAME], at)).toBe(waits.at(-1));
        await takeAttempt(store, [NAME], at + (waits.at(-1) ?? 0));
      }
      expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    });

    test("are forgiven one by one, or all of a name", async () => {
      const store = await opened(open);
      for (let time = 0; time < 3; time += 1) await takeAttempt(store, [NAME, ADDRESS], T0);
      await forgiveAttempt(store, [NAME, ADDRESS], []);
      expect(await countsOf(store)).toEqual({ [NAME.key]: 2, [ADDRESS.key]: 2 });
      await forgiveAttempt(store, [NAME, ADDRESS], [NAME.key]);
      expect(await countsOf(store)).toEqual({ [ADDRESS.key]: 1 });
      await forgiveAttempt(store, [ADDRESS], []);
      expect(await countsOf(store)).toEqual({});
      await forgiveAttempt(store, [NAME, ADDRESS], [NAME.key]);
      expect(await countsOf(store)).toEqual({});
    });

    test("that are forgotten are swept", async () => {
      const store = await opened(open);
      await takeAttempt(store, [NAME], T0);
      await takeAttempt(store, [ADDRESS], T0 + 1);
      expect(await sweepDelays(store, T0 + FORGOTTEN_AFTER_MS)).toBe(1);
      expect(await countsOf(store)).toEqual({ [ADDRESS.key]: 1 });
    });
  });
}
