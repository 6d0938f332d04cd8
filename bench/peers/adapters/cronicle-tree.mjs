import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/**
 * A fresh copy of its small folders, its modules linked, so that no two daemons share a state.
 * @param {string} source
 * @param {string} folder
 */
export function copyTree(source, folder) {
  mkdirSync(join(folder, "logs"), { recursive: true });
  for (const name of ["bin", "lib", "sample_conf", "htdocs"])
    cpSync(join(source, name), join(folder, name), { recursive: true, verbatimSymlinks: true });
  copyFileSync(join(source, "package.json"), join(folder, "package.json"));
  symlinkSync(join(source, "node_modules"), join(folder, "node_modules"));
  cpSync(join(folder, "sample_conf"), join(folder, "conf"), { recursive: true });
  for (const name of readdirSync(join(folder, "bin"))) chmodSync(join(folder, "bin", name), 0o755);
}

/**
 * @param {string} folder
 * @param {{ port: number, secret: string, primary: boolean }} settings `primary`: at once, by a documented switch, and not after 60 s
 */
export function writeConfig(folder, { port, secret, primary }) {
  const config = JSON.parse(readFileSync(join(folder, "sample_conf/config.json"), "utf8"));
  const web = { ...config.WebServer, http_port: port, http_bind_address: "127.0.0.1" };
  const own = { base_app_url: `http://127.0.0.1:${port}`, secret_key: secret, udp_broadcast_port: 0 };
  const all = { ...config, ...own, ...(primary ? { master: 1 } : {}), WebServer: web };
  writeFileSync(join(folder, "conf/config.json"), JSON.stringify(all, null, 2));
}
