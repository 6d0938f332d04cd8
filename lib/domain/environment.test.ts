import { describe, expect, test } from "vitest";
import {
  type EnvironmentPolicy,
  type HostEnvironment,
  handedOn,
  isNeverHandedOn,
  namesToRecord,
  parseInherit,
  sanePath,
  sortEnvironment,
  toVariables,
} from "./environment";

const ROOT = "/srv/app/unstuck";
const SHORT: EnvironmentPolicy = { use: "short", names: [], recordedAt: null };

function sorted(
  started: Record<string, string>,
  dotEnv: Record<string, string> = {},
  filledIn: Record<string, string> = {},
): HostEnvironment {
  return sortEnvironment({ started, dotEnv }, filledIn, ROOT);
}

/** What `npm start` in that folder makes of a PATH, as npm 10 and 11 do. */
function byNpm(path: string): string {
  const folders = [ROOT, "/srv/app", "/srv", ""].map((folder) => `${folder}/node_modules/.bin`);
  return [
    ...folders,
    "/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin",
    path,
  ].join(":");
}

describe("what a run is handed", () => {
  test("CR-7.2 is the short base, and nothing else of what the dashboard was started with", () => {
    const base = { HOME: "/home/u", USER: "u", LOGNAME: "u", SHELL: "/bin/bash", LANG: "de_DE.UTF-8" };
    const more = {
      LC_ALL: "C",
      LC_TIME: "C",
      TZ: "UTC",
      TMPDIR: "/var/tmp",
      PATH: "/usr/local/bin:/usr/bin:/bin",
    };
    const others = { AWS_SECRET_ACCESS_KEY: "x", HTTPS_PROXY: "p", http_proxy: "p", DISPLAY: ":0", LC_: "?" };
    const host = sorted({ ...base, ...more, ...others });
    expect(toVariables(handedOn(host, [], SHORT).variables)).toEqual({ ...base, ...more });
  });

  test("CR-7.2 has no tools of npm and of Unstuck on its PATH, also where a start stands in a start under a Node that was brought", () => {
    const path = byNpm(
      `${ROOT}/.node/24.21.0-x64/bin:${byNpm("/opt/venv/bin:/usr/local/bin:/usr/bin:/bin")}`,
    );
    expect(sorted({ PATH: path, npm_execpath: "x" }).base.PATH).toBe(
      "/opt/venv/bin:/usr/local/bin:/usr/bin:/bin",
    );
  });

  test("CR-7.2 has what the base needs filled in where the dashboard lacks it or has it empty", () => {
    const host = sorted({ HOME: "", LANG: "" }, {}, { HOME: "/root", USER: "root" });
    expect(host.base).toEqual({
      HOME: "/root",
      USER: "root",
      LANG: "",
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    });
  });

  test("CR-7.2 is added to by UNSTUCK_INHERIT, by name and by the beginning of names", () => {
    const host = sorted({ HTTPS_PROXY: "p", AWS_REGION: "eu", AWS_KEY: "k", AWSX: "no", OTHER: "no" });
    const { variables } = handedOn(host, ["HTTPS_PROXY", "AWS_*"], SHORT);
    expect(variables.filter(({ from }) => from === "inherited")).toEqual([
      { name: "AWS_KEY", value: "k", from: "inherited" },
      { name: "AWS_REGION", value: "eu", from: "inherited" },
      { name: "HTTPS_PROXY", value: "p", from: "inherited" },
    ]);
  });

  test("CR-7.2 never has what .env added, though UNSTUCK_INHERIT names it, and that is said", () => {
    const host = sorted({}, { DATABASE_URL: "secret", LANG: "xx" });
    const { variables, missing } = handedOn(host, ["DATABASE_URL", "GONE"], SHORT);
    expect(toVariables(variables)).toEqual({ PATH: host.base.PATH });
    expect(missing).toEqual([
      { name: "DATABASE_URL", from: "inherited", inDotEnv: true },
      { name: "GONE", from: "inherited", inDotEnv: false },
    ]);
  });
});

describe("what is never handed on", () => {
  const NEVER =
    "NOTIFY_SOCKET LISTEN_FDS LISTEN_PID LISTEN_FDNAMES CREDENTIALS_DIRECTORY WATCHDOG_USEC WATCHDOG_PID INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID MEMORY_PRESSURE_WATCH MEMORY_PRESSURE_WRITE NODE_OPTIONS NODE_CHANNEL_FD npm_config_registry npm_lifecycle_event INIT_CWD UNSTUCK_DATA_DIR UNSTUCK_TOKEN PORT HOST NODE_ENV _ PWD SHLVL";

  test.each(NEVER.split(" "))("CR-7.2 %s, by no list", (name) => {
    const host = sorted({ [name]: "x", KEPT: "y" }, { [name]: "z" });
    const recorded: EnvironmentPolicy = { use: "recorded", names: [name, "KEPT"], recordedAt: 1 };
    const { variables } = handedOn(host, [name, `${name.slice(0, 3)}*`, "KEPT"], recorded);
    expect(isNeverHandedOn(name)).toBe(true);
    expect(variables.map((one) => one.name)).not.toContain(name);
    expect(variables.map((one) => one.name)).toContain("KEPT");
    expect(namesToRecord(host)).toEqual(["KEPT"]);
  });

  test("FR-F11 npm's own additions: its folders in PATH, NODE and EDITOR", () => {
    const host = sorted({
      PATH: byNpm("/opt/venv/bin:/usr/bin"),
      npm_execpath: "/usr/bin/npm",
      NODE: "/usr/bin/node",
      EDITOR: "vi",
      COLOR: "0",
    });
    expect(host.base.PATH).toBe("/opt/venv/bin:/usr/bin:/usr/local/bin:/bin");
    expect(namesToRecord(host)).toEqual([]);
  });
});

test.each([
  ["", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  [":::", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
  ["/opt/node/bin", "/opt/node/bin:/usr/local/bin:/usr/bin:/bin"],
  ["/usr/bin::.:bin:/bin", "/usr/bin:/bin:/usr/local/bin"],
  ["/bin:/usr/bin:/usr/local/bin", "/bin:/usr/bin:/usr/local/bin"],
  [
    "/home/u/node_modules/.bin:/usr/bin:/bin:/usr/local/bin",
    "/home/u/node_modules/.bin:/usr/bin:/bin:/usr/local/bin",
  ],
  [
    `/a:${ROOT}/node_modules/.bin:${ROOT}/.node/bin:/usr/bin:/bin:/usr/local/bin`,
    "/a:/usr/bin:/bin:/usr/local/bin",
  ],
  [
    `${ROOT}/node_modules-mine:/usr/bin:/bin:/usr/local/bin`,
    `${ROOT}/node_modules-mine:/usr/bin:/bin:/usr/local/bin`,
  ],
])("CR-7.2 of the PATH %j runs are handed %j", (path, expected) => {
  expect(sanePath(path, ROOT, false)).toBe(expected);
});

test("FR-F11 a person's own node_modules/.bin stays in PATH below what npm put there, also by a start inside a start", () => {
  const own = "/home/u/node_modules/.bin:/usr/local/bin:/usr/bin:/bin";
  expect(sanePath(byNpm(own), ROOT, true)).toBe(own);
  expect(sanePath(byNpm(byNpm(own)), ROOT, true)).toBe(own);
});

describe("UNSTUCK_INHERIT", () => {
  test("is a list of names and beginnings, separated by commas or blanks", () => {
    expect(parseInherit(" HTTPS_PROXY, no_proxy\nAWS_*,,HTTPS_PROXY ")).toEqual({
      patterns: ["HTTPS_PROXY", "no_proxy", "AWS_*"],
      problems: [],
    });
    expect(parseInherit("")).toEqual({ patterns: [], problems: [] });
  });

  test.each([
    ["*", /expected names and PREFIX_\*, found "\*"/],
    ["A=1", /found "A=1"/],
    ["A*B", /found "A\*B"/],
    ["1A", /found "1A"/],
    ["$PATH", /found "\$PATH"/],
    ["NODE_OPTIONS", /NODE_OPTIONS is never passed on/],
    ["npm_*", /npm_\* is never passed on/],
    ["UNSTUCK_*", /UNSTUCK_\* is never passed on/],
    ["NOTIFY_SOCKET", /NOTIFY_SOCKET is never passed on/],
  ])("CR-7.2 %j in it is a clear problem", (text, expected) => {
    const { problems } = parseInherit(`OK,${text}`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
    expect(problems[0]).toContain("Example: UNSTUCK_INHERIT=");
  });
});

describe("the recorded list of an older data folder", () => {
  const started = { HTTPS_PROXY: "http://p", SHOP_MODE: "full", HOME: "/h", NOTIFY_SOCKET: "/run/s" };
  const recorded: EnvironmentPolicy = {
    use: "recorded",
    names: ["HTTPS_PROXY", "PROXY_IN_DOTENV", "SHOP_MODE"],
    recordedAt: 1,
  };

  test("CR-7.2 has the names runs were handed until now, those of .env too, and no values", () => {
    const host = sorted(started, { PROXY_IN_DOTENV: "x", UNSTUCK_LOG_LEVEL: "info", PORT: "1" });
    expect(namesToRecord(host)).toEqual(recorded.names);
  });

  test("CR-7.2 goes on being handed on, and a name without a value by now is said", () => {
    const { variables, missing } = handedOn(sorted({ ...started, NEW: "no" }), [], recorded);
    expect(variables.filter(({ from }) => from === "recorded").map(({ name }) => name)).toEqual([
      "HTTPS_PROXY",
      "SHOP_MODE",
    ]);
    expect(variables.map(({ name }) => name)).not.toContain("NEW");
    expect(missing).toEqual([{ name: "PROXY_IN_DOTENV", from: "recorded", inDotEnv: false }]);
  });

  test("CR-7.2 is not handed on any more once the short environment is used", () => {
    const { variables, missing } = handedOn(sorted(started), [], { ...recorded, use: "short" });
    expect(variables.map(({ name }) => name)).toEqual(["HOME", "PATH"]);
    expect(missing).toEqual([]);
  });
});

test("FR-F11 `node --run start` leaves nothing of its own in PATH and names, and a person's .bin behind it stays", () => {
  const above = ["/srv/app/node_modules/.bin", "/srv/node_modules/.bin", "/node_modules/.bin"];
  const started = {
    PATH: [...above, "/home/me/node_modules/.bin", "/usr/bin"].join(":"),
    NODE_RUN_SCRIPT_NAME: "start",
    NODE_RUN_PACKAGE_JSON_PATH: "/srv/app/package.json",
  };
  const { base, others } = sortEnvironment({ started, dotEnv: {} }, {}, "/srv/app");
  expect(base.PATH?.split(":").slice(0, 2)).toEqual(["/home/me/node_modules/.bin", "/usr/bin"]);
  expect(others).toEqual({});
});
