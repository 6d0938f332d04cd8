import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { createServer } from "node:net";

/**
 * What would keep the dashboard from coming up, found before minutes are spent on installing: one sentence, or null.
 * @param {import("../../server/listen-config.mjs").ListenConfig} config
 * @returns {Promise<string | null>}
 */
export async function preflight(config) {
  return dataFolderProblem(config.dataDir) ?? (await portProblem(config));
}

/** @param {string} folder */
function dataFolderProblem(folder) {
  try {
    if (existsSync(folder) && !statSync(folder).isDirectory()) {
      return `The data folder ${folder} is a file. Move it away, or choose another folder with UNSTUCK_DATA_DIR.`;
    }
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The data folder ${folder} cannot be written: ${why}. Change its permissions, or choose another with UNSTUCK_DATA_DIR.`;
  }
}

/**
 * @param {import("../../server/listen-config.mjs").ListenConfig} config
 * @returns {Promise<string | null>}
 */
function portProblem({ host, port }) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => resolve(listenProblem(error, host, port)));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/**
 * @param {unknown} error
 * @param {string} host
 * @param {number} port
 */
export function listenProblem(error, host, port) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is in use by another program. Stop that one, or choose another: PORT=${port < 65_535 ? port + 1 : 3000} npm start`;
  }
  if (code === "EACCES")
    return `Port ${port} needs more rights than this user has. Choose one above 1023: PORT=3000 npm start`;
  if (code === "EADDRNOTAVAIL") return `${host} is not an address of this machine. Use HOST=127.0.0.1.`;
  return `Could not listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}.`;
}
