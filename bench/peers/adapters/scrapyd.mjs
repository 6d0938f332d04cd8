import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "../../rig/processes.mjs";
import { eachOf, waitFor } from "../clock.mjs";
import { fetchAnswer } from "../http.mjs";
import { background, execute, freePort, kill, messageOf, which } from "../programs.mjs";
import { Daemon } from "./daemon.mjs";
import { writeProject } from "./scrapyd-files.mjs";
import { staleSteps } from "./scrapyd-stale.mjs";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const PROJECT = "default";
/** What its log puts before the output of a child, also in the middle of a line. */
const PREFIX = /\n[^\n]{0,60}\[Launcher,\d+\/stdout[^\]]*\] /g;

/**
 * Scrapyd over its JSON API, run from a source tree (SCRAPYD_DIR) with a Python that has scrapy and twisted (SCRAPYD_PYTHON). Its limit of
 * processes and of jobs to keep is raised. Its default `poll_interval` of 5 s decides S1 and S2, so a variant has 0.1 s.
 * @param {import("../session.mjs").Session} session
 */
export function adapter(session) {
  return new Scrapyd(session);
}

/** @typedef {import("./adapter.mjs").Adapter} Adapter */

/** @implements {Adapter} */
export class Scrapyd extends Daemon {
  title = "Scrapyd";
  recoverHow = "start scrapyd again in its directory";
  tailHow = "GET /logs/... with a Range of 100,000 bytes";
  variants = {
    S1: [
      { label: "exec runner, poll_interval 5 s (default)", spreadMs: 20_000 },
      { label: "exec runner, poll_interval 0.1 s", boot: { poll: 0.1 } },
      { label: "real spider, poll_interval 0.1 s", boot: { poll: 0.1, real: true }, real: true, starts: 10 },
    ],
    S2: [{ label: "poll_interval 5 s (default)" }, { label: "poll_interval 0.1 s", boot: { poll: 0.1 } }],
    S10: [
      { label: "child writes LOG_FILE itself", boot: { poll: 0.1 } },
      { label: "child prints to the daemon", boot: { poll: 0.1 }, spec: { pipe: true } },
    ],
  };
  source = process.env.SCRAPYD_DIR ?? join(tmpdir(), "peers/scrapyd");
  python = which(process.env.SCRAPYD_PYTHON ?? "python3") ?? "";
  port = 0;
  /** @type {Map<string, import("./adapter.mjs").Spec>} */
  specs = new Map();

  async available() {
    if (!existsSync(join(this.source, "scrapyd/__main__.py"))) {
      const why = `no Scrapyd source in ${this.source} (set SCRAPYD_DIR)`;
      return { ok: /** @type {const} */ (false), why };
    }
    const versions = "import scrapyd, scrapy; print(scrapyd.__version__, 'scrapy', scrapy.__version__)";
    const { code, output } = await execute(this.python, ["-c", versions], { env: this.env });
    const last = output.trim().split("\n").at(-1) ?? "";
    return code === 0
      ? { ok: /** @type {const} */ (true), version: last }
      : { ok: /** @type {const} */ (false), why: last };
  }

  get env() {
    return { ...this.session.env, PYTHONPATH: `${this.source}:${this.session.home}` };
  }

  /** @param {{ poll?: number, real?: boolean }} [options] */
  async boot({ poll = 5, real = false } = {}) {
    this.specs.clear();
    this.port = await freePort();
    writeProject(this.session.home, { port: this.port, pollSeconds: poll, real });
    await this.launch();
    // Fills its cache of spiders, by a process of its own.
    await this.get("listspiders", { project: PROJECT });
  }

  async launch() {
    const { home } = this.session;
    const log = join(home, "daemon.log");
    const pid = background(this.python, ["-m", "scrapyd"], { cwd: home, env: this.env, log });
    await waitFor(async () => !isRunning(pid) || (await this.answers()), { limitMs: 20_000 });
    if (!isRunning(pid)) throw new Error(`scrapyd did not start: ${readFileSync(log, "utf8").slice(-300)}`);
    this.daemon = pid;
  }

  async answers() {
    return this.get("daemonstatus").then(
      () => true,
      () => false,
    );
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} [params]
   */
  get(name, params = {}) {
    return this.ask({ path: `/${name}.json?${new URLSearchParams(params)}` });
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} params
   */
  post(name, params) {
    const body = new URLSearchParams(params).toString();
    return this.ask({ path: `/${name}.json`, method: "POST", headers: FORM, body });
  }

  /** @param {import("../http.mjs").Call} call @returns {Promise<any>} */
  async ask(call) {
    const { body } = await fetchAnswer({ port: this.port, ...call });
    const answer = JSON.parse(body.toString());
    if (answer.status !== "ok") throw new Error(answer.message || body.toString());
    return answer;
  }

  async shutdown() {
    kill(this.daemon, "SIGTERM");
    if (this.daemon > 0) await this.gone(8_000);
    this.daemon = 0;
  }

  /** A job is its arguments; nothing is stored. @param {import("./adapter.mjs").Spec[]} specs */
  async define(specs) {
    for (const spec of specs) this.specs.set(spec.name, spec);
  }

  /** @param {string} name */
  start(name) {
    const { argv = [], pipe = false } = this.specs.get(name) ?? {};
    return this.schedule({ argv, jobid: name, pipe });
  }

  /** @param {{ argv: string[], jobid?: string, pipe?: boolean }} what */
  schedule({ argv, jobid, pipe = false }) {
    return this.post("schedule", {
      project: PROJECT,
      spider: "job",
      argv: JSON.stringify(argv),
      ...(jobid === undefined ? {} : { jobid }),
      ...(pipe ? { to: "pipe" } : {}),
    });
  }

  /** @param {string} name */
  startReal(name) {
    const mark = { dir: this.session.stampFolder, label: name };
    return this.post("schedule", { project: PROJECT, spider: "tick", jobid: name, ...mark });
  }

  /** @param {string[]} names */
  startMany(names) {
    return eachOf(names, (name) => this.start(name));
  }

  /** @param {string} name */
  stop(name) {
    return this.post("cancel", { project: PROJECT, job: name });
  }

  /** @param {string[]} names */
  stopMany(names) {
    return eachOf(names, (name) => this.stop(name));
  }

  async list() {
    const { running, pending } = await this.get("listjobs", { project: PROJECT });
    return [
      ...running.map((/** @type {any} */ { id, pid }) => ({ name: id, pid, running: true })),
      ...pending.map((/** @type {any} */ { id }) => ({
        name: id,
        pid: null,
        running: false,
        starting: true,
      })),
    ];
  }

  async forget() {}

  recover() {
    return this.launch();
  }

  /** @param {string} name */
  async exitOf(name) {
    const asked = this.get("status", { job: name, project: PROJECT });
    const state = await asked.then(({ currstate }) => currstate, messageOf);
    return { code: null, text: `status.json: ${state} (its API has no exit code at all)` };
  }

  /** @param {import("./adapter.mjs").StaleCase} what */
  stale(what) {
    return staleSteps(this, what);
  }

  /** @param {(name: string) => import("./adapter.mjs").Spec} spec */
  async duplicates(spec) {
    const settleMs = 9_000;
    /** @type {import("./adapter.mjs").Duplicate[]} */
    const ways = [
      {
        label: "schedule.json, same jobid",
        spec: spec("dupid"),
        call: ({ name }) => this.start(name),
        settleMs,
      },
      {
        label: "schedule.json, same spider, no jobid",
        spec: spec("dupnoid"),
        call: ({ argv }) => this.schedule({ argv }),
        settleMs,
      },
    ];
    return ways;
  }

  async statusTargets() {
    const http = (/** @type {string} */ path) => ({ port: this.port, path });
    return [
      {
        label: "listjobs.json",
        kind: /** @type {const} */ ("list"),
        http: http(`/listjobs.json?project=${PROJECT}`),
      },
      { label: "daemonstatus.json (counts only)", http: http("/daemonstatus.json") },
    ];
  }

  /** @param {string} name */
  logParts(name) {
    return [{ path: join(this.session.home, "logs", PROJECT, "job", `${name}.log`) }];
  }

  pipedLog() {
    return [{ path: join(this.session.home, "daemon.log"), strip: PREFIX }];
  }

  /**
   * @param {string} name
   * @param {number} lines
   */
  async tail(name, lines) {
    const headers = { range: `bytes=-${lines * 100}` };
    const path = `/logs/${PROJECT}/job/${name}.log`;
    return (await fetchAnswer({ port: this.port, path, headers })).body.toString("latin1");
  }
}
