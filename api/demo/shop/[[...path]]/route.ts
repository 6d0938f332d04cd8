import { setTimeout as wait } from "node:timers/promises";
import { createShop } from "@/examples/shop/catalogue.mjs";
import { routes } from "@/lib/http/route";

/** The shop the demo scraper reads, so that a first run needs nothing from anywhere else. */

const PREFIX = "/demo/shop";
const shop = createShop();

export const answer = routes({
  GET: async (request) => {
    const path = new URL(request.url).pathname.slice(PREFIX.length) || "/";
    const answer = shop.respond({ path, prefix: PREFIX });
    if (answer.delayMs > 0) await wait(answer.delayMs);
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  },
});
