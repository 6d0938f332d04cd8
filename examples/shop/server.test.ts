import { afterEach, describe, expect, it } from "vitest";
import { createCatalogue, type Trouble } from "./catalogue.mjs";
import { leaveNothingBehind, startNode, startShop } from "./test-process";

afterEach(leaveNothingBehind);

function pathOf(trouble: Trouble): string {
  return createCatalogue(200).products.find((product) => product.trouble === trouble)?.path ?? "/none";
}

describe("the standalone server", () => {
  it("answers good, busy, flaky, dead and unknown pages as the shop says", async () => {
    const { url } = await startShop({ slow: 1 });
    const status = async (path: string) => (await fetch(url + path)).status;
    expect(await status("/")).toBe(200);
    const busy = await fetch(url + pathOf("busy"));
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([429, "1"]);
    expect([await status(pathOf("flaky")), await status(pathOf("flaky"))]).toEqual([500, 200]);
    expect([await status(pathOf("dead")), await status(pathOf("dead"))]).toEqual([500, 500]);
    expect(await status("/no/such/page")).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("makes a slow page wait", async () => {
    const { url } = await startShop({ slow: 1 });
    const slow = createCatalogue(200).products.find(({ trouble }) => trouble === "slow");
    const startedAt = performance.now();
    await (await fetch(url + (slow?.path ?? "/none"))).text();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual((slow?.delayMs ?? 0) - 5);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends cleanly and at once on %s, even with a page on its way",
    async (signal) => {
      const { server, url } = await startShop({ slow: 1 });
      const slowPage = fetch(url + pathOf("slow")).then(
        () => "answered",
        () => "cut off",
      );
      await (await fetch(url)).text();
      server.signal(signal);
      expect(await server.ended).toEqual({ code: 0, signal: null });
      expect(await slowPage).toBe("cut off");
      expect(server.output()).toBe(`The shop is open at ${url}\n`);
    },
  );

  it.each([
    [["--port", "seventy"], '--port: expected a number from 0 to 65535, found "seventy".'],
    [["--products", "3"], '--products: expected a number from 10 to 2000, found "3".'],
    [["--slow", "2"], '--slow: expected a number from 0 to 1, found "2".'],
    [["--host="], '--host: expected an address, found "".'],
    [["--sloow", "1"], "Unknown option '--sloow'."],
    [["extra"], "Unexpected argument 'extra'."],
  ])("refuses %j with one sentence and exit 2", async (args, sentence) => {
    const server = startNode("./server.mjs", args);
    expect(await server.ended).toEqual({ code: 2, signal: null });
    expect(server.output()).toContain(sentence);
    expect(server.output().trimEnd().split("\n")).toHaveLength(1);
  });

  it("says so when the port is taken", async () => {
    const { url } = await startShop();
    const second = startNode("./server.mjs", ["--port", new URL(url).port]);
    expect((await second.ended).code).toBe(1);
    expect(second.output()).toContain(`The shop cannot listen on 127.0.0.1:${new URL(url).port}`);
  });
});
