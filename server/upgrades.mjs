import { EventEmitter } from "node:events";
import { guardRequest } from "./host-guard.mjs";
import { refuseRaw } from "./refuse.mjs";

/**
 * Next listens for WebSockets on the server it is handed, past everything in front of it, and leaves those it does not know open for ever
 * (16.4.6; `curl --http2` asks for an upgrade on every request). So it is handed this in place of the server.
 *
 * In production there is no listener, and Node takes a request for an upgrade for the plain request it also is. In dev, hot reloading
 * needs one: it passes the guard, as a request that changes things, because a WebSocket may be opened from any page.
 * @param {import("node:http").Server} server
 * @param {import("./listen-config.mjs").ListenConfig} config
 * @param {{ dev: boolean }} options
 * @returns {import("node:http").Server}
 */
export function guardedUpgrades(server, config, { dev }) {
  const forNext = new EventEmitter();
  if (dev) {
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      const { host, origin } = request.headers;
      const refusal = guardRequest(
        { method: "CONNECT", host, origin, fetchSite: undefined, fetchDest: undefined },
        config,
      );
      if (refusal !== null) refuseRaw(socket, refusal);
      else if (request.url?.startsWith("/_next/")) forNext.emit("upgrade", request, socket, head);
      else refuseRaw(socket, NOTHING_TO_UPGRADE);
    });
  }
  // Next calls `on` and nothing else.
  return /** @type {import("node:http").Server} */ (/** @type {unknown} */ (forNext));
}

/** @type {import("./refuse.mjs").Refusal} */
const NOTHING_TO_UPGRADE = {
  code: "INVALID_INPUT",
  detail:
    "Expected a plain request, found one that asks for an upgrade of the connection. Send it without the header Upgrade.",
};
