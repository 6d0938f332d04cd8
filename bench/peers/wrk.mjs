/** What wrk is told and what it prints. */

const MS = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

/**
 * @param {import("./http.mjs").Call} call
 * @param {boolean} unchanged
 */
export function wrkScript({ method = "GET", headers = {}, body }, unchanged) {
  const lines = [
    `wrk.method = ${JSON.stringify(method)}`,
    ...(body === undefined ? [] : [`wrk.body = ${JSON.stringify(body)}`]),
    ...Object.entries(headers).map(
      ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    ),
  ];
  return `${lines.join("\n")}\n${unchanged ? ASKS_WITH_ETAG : ""}`;
}

/** A good client: it asks with the newest ETag that it has been given. The message is made only when that changes. */
const ASKS_WITH_ETAG = `
local known, message
kept, changed = 0, 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function request()
  if not message then message = wrk.format() end
  return message
end
function response(status, headers)
  local etag = headers["ETag"] or headers["etag"] or headers["Etag"]
  if etag and etag ~= known then
    known = etag
    wrk.headers["If-None-Match"] = etag
    message = nil
  end
  if status == 304 then kept = kept + 1 else changed = changed + 1 end
end
function done()
  local same, all = 0, 0
  for _, thread in ipairs(threads) do
    same = same + thread:get("kept")
    all = all + thread:get("kept") + thread:get("changed")
  end
  print(string.format("Unchanged: %d of %d", same, all))
end
`;

/**
 * @param {string} text
 * @returns {Omit<import("./load.mjs").Load, "tool">}
 */
export function parseWrk(text) {
  const socket = /Socket errors:(.*)/.exec(text)?.[1]?.trim();
  const refused = /Non-2xx or 3xx responses:\s*(\d+)/.exec(text)?.[1];
  const [, same, all] = /Unchanged: (\d+) of (\d+)/.exec(text) ?? [];
  const errors = [socket, refused === undefined ? undefined : `${refused} refused`];
  return {
    perSecond: Number(/Requests\/sec:\s*([\d.]+)/.exec(text)?.[1] ?? 0),
    p50: milliseconds(/^\s*50%\s+(\S+)/m.exec(text)?.[1]),
    p99: milliseconds(/^\s*99%\s+(\S+)/m.exec(text)?.[1]),
    errors: errors.filter((one) => one !== undefined).join("; ") || "none",
    unchangedPercent: all === undefined ? null : (100 * Number(same)) / Math.max(1, Number(all)),
  };
}

/** @param {string | undefined} text as `1.72s` or `310.00us` */
function milliseconds(text) {
  const [, value, unit] = /^([\d.]+)(us|ms|s|m)$/.exec(text ?? "") ?? [];
  return unit === undefined ? null : Number(value) * MS[/** @type {keyof typeof MS} */ (unit)];
}
