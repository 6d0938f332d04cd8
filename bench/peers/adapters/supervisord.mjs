import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../clock.mjs";
import { fetchAnswer } from "../http.mjs";
import { execute, freePort, which } from "../programs.mjs";
import { decodeResponse, encodeCall } from "../xmlrpc.mjs";
import { Daemon } from "./daemon.mjs";
import { configOf, programOf } from "./supervisord-config.mjs";
import { staleSteps } from "./supervisord-stale.mjs";

const LIST = encodeCall("supervisor.getAllProcessInfo", []);
const XML = { "content-type": "text/xml" };
const BY_HAND = "autostart=false\nautorestart=false\n";

/**
 * supervisord over its XML-RPC API, and supervisorctl as the CLI. Jobs are in its configuration before S1 and S2 (beside that, "never seen
 * before"). Its `startsecs` is the default of 1 s, so nothing runs by its status before that.
 * @param {import("../session.mjs").Session} session
 */
export function adapter(session) {
  return new Supervisord(session);
}

/** @typedef {import("./adapter.mjs").Adapter} Adapter */

/** @implements {Adapter} */
export class Supervisord extends Daemon {
  title = "supervisord";
  recoverHow = "supervisord -c FILE (program defaults: autostart=true)";
  treeVariants = [
    { label: "defaults" },
    { label: "stopasgroup=true", define: { extra: "stopasgroup=true\n" } },
  ];
  variants = {
    // A child that ends within startsecs has "exited too quickly" and is run again.
    S10: [
      { label: "startsecs=0", define: { extra: "startsecs=0\n" } },
      { label: "startsecs=1 (its default)" },
    ],
  };
  tailHow = "XML-RPC tailProcessStdoutLog, 100,000 bytes";
  daemonProgram = which(process.env.SUPERVISORD ?? "supervisord") ?? "";
  ctlProgram = which(process.env.SUPERVISORCTL ?? "supervisorctl") ?? "";
  port = 0;
  /** @type {Map<string, string>} of each job its group */
  groups = new Map();
  groupCount = 0;

  get config() {
    return join(this.session.home, "supervisord.conf");
  }

  get pidFile() {
    return join(this.session.home, "supervisord.pid");
  }

  async available() {
    if (this.daemonProgram === "" || this.ctlProgram === "") {
      const why = "no supervisord and supervisorctl in PATH (apt-get install supervisor)";
      return { ok: /** @type {const} */ (false), why };
    }
    const { stdout } = await execute(this.daemonProgram, ["-v"]);
    return { ok: /** @type {const} */ (true), version: stdout.trim() };
  }

  async boot() {
    this.groups.clear();
    this.groupCount = 0;
    this.port = await freePort();
    for (const folder of ["conf.d", "logs"]) mkdirSync(join(this.session.home, folder), { recursive: true });
    writeFileSync(this.config, configOf(this.session.home, this.port));
    await this.launch();
  }

  async launch() {
    const { home, env } = this.session;
    const { code, output } = await execute(this.daemonProgram, ["-c", this.config], { cwd: home, env });
    if (code !== 0) throw new Error(`supervisord: ${output}`);
    const up = await waitFor(() => this.answers(), { limitMs: 20_000 });
    if (!up.ok) throw new Error("supervisord did not answer");
    this.daemon = await this.call("getPID");
  }

  async answers() {
    try {
      return (await this.call("getState")).statename === "RUNNING";
    } catch {
      return false;
    }
  }

  /**
   * A new connection for each call: on a kept one every answer after the first takes some 40 ms, which would hide the supervisor behind
   * its HTTP server. S9 shows both.
   * @param {string} method
   * @param {unknown[]} params
   */
  async call(method, ...params) {
    const body = encodeCall(`supervisor.${method}`, params);
    const { status, body: answer } = await fetchAnswer(this.post({ connection: "close" }, body));
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return decodeResponse(answer.toString());
  }

  /**
   * @param {Record<string, string>} headers
   * @param {string} body
   */
  post(headers, body) {
    return { port: this.port, path: "/RPC2", method: "POST", headers: { ...XML, ...headers }, body };
  }

  async shutdown() {
    await this.call("shutdown").catch(() => undefined);
    await this.gone(15_000);
  }

  /**
   * @param {import("./adapter.mjs").Spec[]} specs
   * @param {import("./adapter.mjs").DefineOptions} [options]
   */
  async define(specs, { service = false, extra = "" } = {}) {
    const group = `g${this.groupCount}`;
    this.groupCount += 1;
    for (const { name } of specs) this.groups.set(name, group);
    const programs = specs.map((spec) => programOf(spec, `${service ? "" : BY_HAND}${extra}`));
    const members = specs.map(({ name }) => name).join(",");
    const text = `${programs.join("")}[group:${group}]\nprograms=${members}\n`;
    writeFileSync(join(this.session.home, "conf.d", `${group}.conf`), text);
    const [[added]] = await this.call("reloadConfig");
    for (const one of added) await this.call("addProcessGroup", one);
  }

  /** @param {string} name */
  full(name) {
    return `${this.groups.get(name)}:${name}`;
  }

  /** @param {string} name */
  start(name) {
    return this.call("startProcess", this.full(name), false);
  }

  /** @param {readonly string[]} args */
  ctl(args) {
    return execute(this.ctlProgram, ["-c", this.config, ...args], { env: this.session.env, timeout: 15_000 });
  }

  /** @param {string} name */
  async startCli(name) {
    const { code, output } = await this.ctl(["start", this.full(name)]);
    if (code !== 0) throw new Error(output);
  }

  /**
   * Writes its file, re-reads, adds; the start comes with that.
   * @param {import("./adapter.mjs").Spec} spec
   */
  startNew(spec) {
    return this.define([spec], { service: true, extra: "autorestart=false\n" });
  }

  /** @param {string[]} names */
  async startMany(names) {
    for (const group of this.groupsOf(names)) await this.call("startProcessGroup", group, false);
  }

  /** @param {string[]} names */
  async stopMany(names) {
    for (const group of this.groupsOf(names)) await this.call("stopProcessGroup", group, false);
  }

  /** @param {string[]} names */
  groupsOf(names) {
    return new Set(names.map((name) => this.groups.get(name)));
  }

  /** @param {string} name */
  stop(name) {
    return this.call("stopProcess", this.full(name), true);
  }

  async list() {
    /** @type {any[]} */
    const all = await this.call("getAllProcessInfo");
    return all.map(({ name, pid, statename }) => ({
      name,
      pid: pid || null,
      running: statename === "RUNNING",
      starting: statename === "STARTING",
      state: statename,
    }));
  }

  async forget() {}

  recover() {
    return this.launch();
  }

  /** @param {string} name */
  async exitOf(name) {
    const { statename, exitstatus, pid } = await this.call("getProcessInfo", this.full(name));
    const code = statename === "EXITED" ? exitstatus : null;
    return { code, text: `${statename}, exitstatus ${exitstatus}, pid ${pid}` };
  }

  /** @param {import("./adapter.mjs").StaleCase} what */
  stale(what) {
    return staleSteps(this, what);
  }

  /** @param {(name: string) => import("./adapter.mjs").Spec} spec */
  async duplicates(spec) {
    /** @type {import("./adapter.mjs").Duplicate[]} */
    const ways = [
      { label: "XML-RPC startProcess", spec: spec("dupapi"), call: ({ name }) => this.start(name) },
      { label: "supervisorctl start", spec: spec("dupcli"), call: ({ name }) => this.startCli(name) },
    ];
    return ways;
  }

  async statusTargets() {
    return [
      {
        label: "XML-RPC getAllProcessInfo, new connection each",
        kind: /** @type {const} */ ("list"),
        http: this.post({ connection: "close" }, LIST),
      },
      { label: "XML-RPC getAllProcessInfo, kept alive", http: this.post({}, LIST) },
      { label: "supervisorctl status", cli: () => this.ctl(["status"]) },
    ];
  }

  /** @param {string} name */
  logParts(name) {
    const folder = join(this.session.home, "logs");
    const age = (/** @type {string} */ file) => Number(/\.log\.(\d+)$/.exec(file)?.[1] ?? 0);
    const files = readdirSync(folder).filter((file) => file.startsWith(`${name}-stdout`));
    return files.sort((a, b) => age(b) - age(a)).map((file) => ({ path: join(folder, file) }));
  }

  /**
   * @param {string} name
   * @param {number} lines
   */
  async tail(name, lines) {
    return (await this.call("tailProcessStdoutLog", this.full(name), 0, lines * 100))[0];
  }
}
