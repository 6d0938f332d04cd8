/** The addresses of the API. Whatever is typed is one segment of a path. */

/**
 * @param {string} job
 * @param {string} [rest]
 */
export function jobPath(job, rest = "") {
  return `/api/v1/jobs/${encodeURIComponent(job)}${rest}`;
}

/**
 * @param {string} run
 * @param {string} [rest]
 */
export function runPath(run, rest = "") {
  return `/api/v1/runs/${encodeURIComponent(run)}${rest}`;
}

/**
 * @param {string} path
 * @param {Readonly<Record<string, string | number | undefined>>} query
 */
export function withQuery(path, query) {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said)}`;
}
