import { randomBytes } from "node:crypto";

/**
 * What every answer says to a browser, set before anything else touches the answer
 * (docs/decisions/0025-headers-in-one-place.md). A route can only add to it: two policies are both in force.
 */

/** Answers that are data, never a page: a browser that opens one runs nothing and loads nothing. */
const DATA =
  /^\/(?:api|health|_next)(?:\/|\?|$)|^\/(?:icon(?:-[a-z0-9-]+)?|apple-icon)\.(?:svg|png)|^\/manifest\.webmanifest/;

const FOR_DATA = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS = Object.entries({
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  // Other sites can load nothing of ours, so they cannot learn from an image or script that fails or does not.
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), serial=(), usb=()",
});

/**
 * Next reads the nonce for its own scripts from the *request's* `content-security-policy`, and app/layout.tsx from `x-nonce`.
 * So both are ours: what a client sends under these names is dropped.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {{ dev: boolean }} options
 */
export function protect(request, response, { dev }) {
  for (const name of ["content-security-policy", "content-security-policy-report-only", "x-nonce"])
    delete request.headers[name];
  for (const [name, value] of ALWAYS) response.setHeader(name, value);
  if (DATA.test(request.url ?? "/")) {
    response.setHeader("content-security-policy", FOR_DATA);
    return;
  }
  const nonce = randomBytes(16).toString("base64");
  const policy = pagePolicy(nonce, dev);
  response.setHeader("content-security-policy", policy);
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
}

/**
 * `strict-dynamic`: a script needs the nonce, or has to be loaded by one that had it; being served by us is not enough.
 * Styles may be inline: React writes `style` attributes into its HTML (widths of bars, the place of a line in a log), and sonner adds
 * its sheet as an element. Neither can carry a nonce.
 * @param {string} nonce
 * @param {boolean} dev hot reloading evaluates code and opens a WebSocket
 */
export function pagePolicy(nonce, dev) {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${dev ? " ws: wss:" : ""}`,
    "manifest-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * For answers that are written to a socket by hand, where no ServerResponse exists.
 * @returns {string[]} header lines
 */
export function rawHeaderLines() {
  return [...ALWAYS, ["content-security-policy", FOR_DATA]].map(([name, value]) => `${name}: ${value}`);
}
