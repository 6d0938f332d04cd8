import { execFile, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KindOutcome } from "@/lib/domain/exit";
import { readScrapyEnd } from "@/lib/kinds/scrapy/read-end";
import { temporaryFolder } from "../folders";

/** Real Scrapy (seen with 2.8.0), whose exit code is 0 in every one of these cases and whose finish_reason is `finished`. */

const run = promisify(execFile);
const SPIDER = join(import.meta.dirname, "../programs/ends-oddly.py");
const python = ["/usr/bin/python3", "python3", "/usr/local/bin/python3"].find(
  (candidate) => spawnSync(candidate, ["-c", "import scrapy"]).status === 0,
);

let shop: Server;
let url: string;
beforeAll(async () => {
  shop = createServer((request, response) => {
    const status = Number(/^\/(\d{3})\//.exec(request.url ?? "")?.[1] ?? "200");
    response.writeHead(status, { "content-type": "text/html" });
    response.end("<h1>A page</h1>");
  });
  await new Promise<void>((resolve) => shop.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
});
afterAll(() => {
  shop.closeAllConnections();
  shop.close();
});

const ENDS: Readonly<Record<string, readonly [KindOutcome, string]>> = {
  "start-raises": ["unfinished", "Its start requests raised an error, so those after it were never made."],
  "start-raises-late": [
    "unfinished",
    "Its start requests raised an error, so those after it were never made.",
  ],
  "nothing-to-do": ["finished", "It made no request."],
  "callbacks-raise": ["unfinished", "Every callback raised an error (ValueError: 3)."],
  "raises-after-items": ["finished", "Callbacks raised errors (ValueError: 3)."],
  "all-500": ["unfinished", "Every page was answered with an error (500: 3)."],
};

test.skipIf(python === undefined)(
  "Scrapy's `finished` is believed where something came of the crawl, and the reason names what its statistics say",
  async () => {
    const cwd = temporaryFolder();
    const read = async (end: string) => {
      const settings = ["TELNETCONSOLE_ENABLED=0", "RETRY_TIMES=0"].flatMap((setting) => ["-s", setting]);
      const argv = ["-m", "scrapy", "runspider", SPIDER, "-a", `end=${end}`, ...settings];
      const env = { ...process.env, SHOP_URL: url, PYTHONDONTWRITEBYTECODE: "1" };
      const { stderr } = await run(python ?? "", argv, { cwd, env });
      const { outcome, reason } = readScrapyEnd(stderr, { found: "none", path: null });
      return [end, { outcome, reason }] as const;
    };
    const seen = Object.fromEntries(await Promise.all(Object.keys(ENDS).map(read)));
    for (const [end, [outcome, words]] of Object.entries(ENDS)) {
      expect(seen[end]?.outcome, `${end}: ${seen[end]?.reason}`).toBe(outcome);
      expect(seen[end]?.reason).toContain("finish_reason=finished");
      expect(seen[end]?.reason, end).toContain(words);
    }
  },
);
