import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { enter, serverAt } from "./at-provider";
import { type Browser, browser } from "./browser";
import { firstAdmin, type Person } from "./people";
import { type AtProvider, type RealProvider, realProvider } from "./real-provider";
import { type Answer, cleanUp, type TestServer } from "./server";

/** One provider and one dashboard that signs in there, with an admin who has a password, for all tests of a file. */
export type AllOfThem = {
  readonly provider: RealProvider;
  readonly server: TestServer;
  readonly admin: Person;
};

/** @returns `its`: to be read inside tests alone; the others ask and sign in there */
export function providerForTests() {
  const its = {} as { -readonly [Key in keyof AllOfThem]: AllOfThem[Key] };
  beforeAll(async () => {
    its.provider = await realProvider("userinfo");
    its.server = await serverAt(its.provider.issuer, { UNSTUCK_OIDC_NAME: "Example" });
    its.provider.serve(its.server.origin);
    its.admin = await firstAdmin(its.server);
  });
  afterEach(() => {
    its.provider.next = null;
  });
  afterAll(async () => {
    await its.provider.close();
    await cleanUp();
  });
  return {
    its: its as AllOfThem,
    as: async (next: NonNullable<AtProvider>, one: Browser = browser()): Promise<Browser> => {
      its.provider.next = next;
      expect(await enter(its.server, one)).toBe("/jobs");
      return one;
    },
    userOf: async (name: string): Promise<Answer> => {
      const { body } = await its.admin.api("GET", "/api/v1/users");
      return body.items.find((user: Answer) => user.name === name);
    },
    newest: async (query: string): Promise<Answer> =>
      (await its.admin.api("GET", `/api/v1/audit?${query}`)).body.items[0],
  };
}
