import { isIP } from "node:net";

/**
 * Refuses requests a foreign web page could have made the browser send.
 *
 * A page on evil.example can point that name at 127.0.0.1 (DNS rebinding): the browser then sends our dashboard's answers
 * to it, but the Host header still says evil.example. And any page may post to us (CSRF): then Origin is foreign.
 *
 * And any page may show ours in a frame, under its own picture, so that a click meant for one lands on the other: the click
 * would carry our own Origin. Browsers are told to show nothing (server/headers.mjs), and those that say what they ask for get nothing.
 *
 * @typedef {{ code: "FOREIGN_HOST" | "FOREIGN_ORIGIN" | "FRAME_REFUSED", detail: string }} Refusal
 */

const FRAMES = ["iframe", "frame", "fencedframe", "embed", "object"];

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * @param {{ method: string, host: string | undefined, origin: string | undefined, fetchSite: string | undefined, fetchDest: string | undefined }} request
 * @param {{ allowedHosts: readonly string[], beyondLoopback: boolean }} config
 * @returns {Refusal | null}
 */
export function guardRequest(request, config) {
  const name = hostName(request.host);
  if (name === null || !isAllowed(name, config)) {
    return {
      code: "FOREIGN_HOST",
      detail: `The Host header is "${request.host ?? ""}", which is not a name of this dashboard. Open it as ${config.allowedHosts[0]}, or add the name to UNSTUCK_HOSTS.`,
    };
  }
  if (FRAMES.includes(request.fetchDest ?? "")) {
    return {
      code: "FRAME_REFUSED",
      detail: `A page asked for this to show it inside itself (Sec-Fetch-Dest: ${request.fetchDest}). The dashboard opens only in its own tab, so that no page can hide its buttons under something else (clickjacking).`,
    };
  }
  if (SAFE_METHODS.includes(request.method)) return null;
  const foreign =
    request.origin === undefined
      ? request.fetchSite === "cross-site"
      : !sameHost(request.origin, request.host);
  if (!foreign) return null;
  return {
    code: "FOREIGN_ORIGIN",
    detail: `The request comes from a page at "${request.origin ?? "another site"}". Only this dashboard's own pages may change things from a browser.`,
  };
}

/**
 * @param {string | undefined} header
 * @returns {string | null} the name without its port, lower case; null when the header is missing or malformed
 */
function hostName(header) {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]/?#@\s]+)(?::\d{1,5})?$/i.exec(header ?? "");
  const name = match?.[1]?.toLowerCase();
  if (name === undefined) return null;
  return name.startsWith("[") ? name.slice(1, -1) : name;
}

/**
 * @param {string} name
 * @param {{ allowedHosts: readonly string[], beyondLoopback: boolean }} config
 */
function isAllowed(name, config) {
  if (config.allowedHosts.includes(name)) return true;
  // Rebinding needs a name to rebind; a bare address cannot be rebound. On loopback only our own addresses are meant.
  return config.beyondLoopback && isIP(name) !== 0;
}

/**
 * @param {string} origin
 * @param {string | undefined} host
 */
function sameHost(origin, host) {
  const match = /^https?:\/\/(.+)$/i.exec(origin);
  return match !== null && match[1]?.toLowerCase() === host?.toLowerCase();
}
