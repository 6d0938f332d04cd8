import { guardedUpgrades } from "./upgrades.mjs";

/**
 * Next, which has the pages and, with hot reloading, the API. Loading it takes longer than bringing up everything else.
 * @param {import("node:http").Server} server
 * @param {import("./listen-config.mjs").ListenConfig} config
 * @param {{ root: string, dev: boolean, origin: string }} options
 * @returns {() => Promise<import("./front.mjs").Handler>} loads it at the first call
 */
export function pagesOf(server, config, { root, dev, origin }) {
  /** @type {Promise<import("./front.mjs").Handler> | null} */
  let loading = null;
  async function load() {
    const { default: next } = await import("next");
    const app = next({
      dev,
      dir: root,
      hostname: config.host,
      port: Number(new URL(origin).port),
      httpServer: guardedUpgrades(server, config, { dev }),
    });
    await app.prepare();
    return app.getRequestHandler();
  }
  return () => {
    loading ??= load();
    return loading;
  };
}
