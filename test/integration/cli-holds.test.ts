import { afterAll, beforeAll, expect, test } from "vitest";
import { unstuck } from "../cli";
import { cleanUp, startServer, type TestServer } from "../server";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(cleanUp);

async function typed(code: number, ...args: string[]) {
  const called = unstuck({ socketOf: server.dataDir }, args, { cwd: server.dataDir });
  expect(await called.ended, `${args.join(" ")}: ${called.output()}`).toMatchObject({ code });
  return called;
}

test("a hold is placed, listed and released by a terminal", async () => {
  expect((await typed(0, "holds")).out()).toBe("Nothing is on hold.\n");
  const reason = "The provider is down.";
  const added = (await typed(0, "hold", "add", "tag:shops", "--reason", reason)).out();
  expect(added).toMatch(/^hold_\w{20} holds tag:shops until it is released\./);
  const id = added.slice(0, 25);
  const timed = await typed(
    0,
    "--json",
    "hold",
    "add",
    "all",
    "--reason",
    reason,
    "--until",
    "2099-01-01T00:00Z",
  );
  expect(JSON.parse(timed.out())).toMatchObject({ on: "all", until: "2099-01-01T00:00:00.000Z" });
  const list = (await typed(0, "holds")).out();
  expect(list).toMatch(/^HOLD +ON +ENDS +BY +REASON\n/);
  expect(list).toMatch(new RegExp(`${id} +tag:shops +when released`));
  for (const line of list.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
  expect((await typed(0, "hold", "release", id)).out()).toBe(`${id} was released.\n`);
  expect((await typed(66, "hold", "release", id)).output()).toContain("was released, or its time is over");
});

test("what makes no sense is refused and holds nothing", async () => {
  const before = (await server.api("GET", "/api/v1/holds")).body.items;
  expect((await typed(64, "hold", "add", "all")).output()).toContain("--reason");
  expect((await typed(64, "hold", "add", "everything", "--reason", "x")).output()).toContain("tag:NAME");
  await typed(64, "hold", "add", "all", "--reason", "x", "--until", "tomorrow");
  await typed(64, "hold", "add", "all", "--reason", "x", "--until", "2020-01-01T00:00Z");
  await typed(66, "hold", "add", "job:missing", "--reason", "x");
  expect((await server.api("GET", "/api/v1/holds")).body.items).toEqual(before);
});
