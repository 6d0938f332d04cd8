import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createShop, PRODUCT_COUNT } from "./catalogue.mjs";

const USAGE =
  "Usage: node examples/shop/server.mjs [--port 8099] [--host 127.0.0.1] [--products 2000] [--slow 1]";

main();

function main() {
  const flags = readFlags(process.argv.slice(2));
  if (typeof flags === "string") {
    console.error(flags);
    process.exitCode = 2;
    return;
  }
  const server = createServer(listener(createShop(flags)));
  server.on("error", (error) => {
    console.error(`The shop cannot listen on ${flags.host}:${flags.port}: ${error.message}.`);
    process.exitCode = 1;
  });
  server.listen(flags.port, flags.host, () => {
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : flags.port;
    const host = flags.host.includes(":") ? `[${flags.host}]` : flags.host;
    console.log(`The shop is open at http://${host}:${port}`);
  });
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
    process.once(signal, () => {
      server.close();
      // Kept-alive connections and slow pages would hold the process back.
      server.closeAllConnections();
    });
  }
}

/**
 * @param {import("./catalogue.mjs").Shop} shop
 * @returns {import("node:http").RequestListener}
 */
function listener(shop) {
  return (request, response) => void answer(request, response).catch((error) => response.destroy(error));

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   */
  async function answer(request, response) {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const { status, headers, body, delayMs } = shop.respond({ path: request.url ?? "/" });
    // Unreferenced: a page that is still waiting must not keep a stopped server alive.
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? undefined : body);
  }
}

/**
 * @param {string[]} args
 * @returns {{ port: number, host: string, productCount: number, slow: number } | string} a sentence when a flag is wrong
 */
function readFlags(args) {
  const text = /** @type {const} */ ({ type: "string" });
  try {
    const { values } = parseArgs({ args, options: { port: text, host: text, products: text, slow: text } });
    const port = Number(values.port ?? "8099");
    const productCount = Number(values.products ?? PRODUCT_COUNT);
    const slow = Number(values.slow ?? "1");
    if (!isWhole(port, 0, 65_535, values.port))
      return expected("--port", "a number from 0 to 65535", values.port);
    if (!isWhole(productCount, 10, PRODUCT_COUNT, values.products)) {
      return expected("--products", `a number from 10 to ${PRODUCT_COUNT}`, values.products);
    }
    if (!(slow >= 0 && slow <= 1) || values.slow === "")
      return expected("--slow", "a number from 0 to 1", values.slow);
    if (values.host === "") return expected("--host", "an address", values.host);
    return { port, host: values.host ?? "127.0.0.1", productCount, slow };
  } catch (error) {
    const message = error instanceof Error ? error.message.split(/[.\n]/, 1)[0] : String(error);
    return `${message}. ${USAGE}`;
  }
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @param {string | undefined} written
 */
function isWhole(value, low, high, written) {
  return written !== "" && Number.isInteger(value) && value >= low && value <= high;
}

/**
 * @param {string} flag
 * @param {string} wanted
 * @param {string | undefined} found
 */
function expected(flag, wanted, found) {
  return `${flag}: expected ${wanted}, found "${found}". ${USAGE}`;
}
