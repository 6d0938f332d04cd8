import { setTimeout as wait } from "node:timers/promises";
import { createShop } from "@/examples/shop/catalogue.mjs";

/** The shop the demo scraper reads, so that a first run needs nothing from anywhere else. */

export const dynamic = "force-dynamic";

const PREFIX = "/demo/shop";
const shop = createShop();

export async function GET(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.slice(PREFIX.length) || "/";
  const answer = shop.respond({ path, prefix: PREFIX });
  if (answer.delayMs > 0) await wait(answer.delayMs);
  return new Response(answer.body, { status: answer.status, headers: answer.headers });
}
