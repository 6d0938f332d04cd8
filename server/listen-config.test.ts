import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { readListenConfig } from "./listen-config.mjs";

const ROOT = "/srv/unstuck";

/** An environment of nothing but this. */
function read(env: Record<string, string>) {
  return readListenConfig(env as unknown as NodeJS.ProcessEnv, ROOT);
}

function config(env: Record<string, string>) {
  const answer = read(env);
  if (!answer.ok) throw new Error(answer.problems.join(" "));
  return answer.config;
}

function problems(env: Record<string, string>): string[] {
  const answer = read(env);
  return answer.ok ? [] : answer.problems;
}

test("without any settings it listens on this machine alone and keeps its data below the project", () => {
  expect(config({})).toEqual({
    host: "127.0.0.1",
    port: 3_000,
    dataDir: `${ROOT}/data`,
    beyondLoopback: false,
    open: false,
    trustedProxies: [],
    allowedHosts: ["127.0.0.1", "::1", "localhost"],
  });
});

test("empty variables count as not set, as they do in a .env file", () => {
  const empty = { HOST: "", PORT: "", UNSTUCK_DATA_DIR: "", UNSTUCK_HOSTS: "" };
  expect(config({ ...empty, UNSTUCK_AUTH: "", UNSTUCK_TRUSTED_PROXIES: "" })).toEqual(config({}));
});

describe("the port", () => {
  for (const port of ["0", "1", "3000", "65535"])
    test(`may be ${port}`, () => expect(config({ PORT: port }).port).toBe(Number(port)));
  for (const port of ["65536", "99999", "100000", "-1", "3000x", " 3000", "3e3", "0x10", "80.5", "http"])
    test(`is not "${port}"`, () => {
      expect(problems({ PORT: port })).toEqual([
        `PORT: expected a number from 0 to 65535, found "${port}". Example: PORT=3000`,
      ]);
    });
});

describe("the host", () => {
  for (const host of ["127.0.0.1", "::1", "localhost", "LOCALHOST"])
    test(`${host} is this machine`, () => {
      expect(config({ HOST: host })).toMatchObject({ host: host.toLowerCase(), beyondLoopback: false });
    });

  for (const host of ["0.0.0.0", "::", "192.168.1.5", "box.example", "127.0.0.1.evil.example"])
    test(`${host} can be reached from other machines, which accounts are for`, () => {
      expect(config({ HOST: host })).toMatchObject({ host, beyondLoopback: true, open: false });
    });

  for (const host of ["a b", "[::1]", "http://x", "x/y", "x?", "é"])
    test(`"${host}" is not a host`, () => {
      expect(problems({ HOST: host })[0]).toMatch(/^HOST: expected an address/);
    });
});

describe("accounts", () => {
  test("can be switched off for this machine alone", () => {
    expect(config({ UNSTUCK_AUTH: "off" })).toMatchObject({ open: true, beyondLoopback: false });
    expect(config({ UNSTUCK_AUTH: "off", HOST: "localhost", UNSTUCK_HOSTS: " , " }).open).toBe(true);
  });

  for (const [name, value] of [
    ["HOST", "0.0.0.0"],
    ["HOST", "192.168.1.5"],
    ["UNSTUCK_HOSTS", "ops.example"],
    ["UNSTUCK_TRUSTED_PROXIES", "127.0.0.1"],
  ] as const)
    test(`cannot be switched off with ${name}=${value}, and the refusal says why and what to do`, () => {
      const [problem, ...others] = problems({ UNSTUCK_AUTH: "off", [name]: value });
      expect(others).toEqual([]);
      expect(problem).toMatch(new RegExp(`^UNSTUCK_AUTH: .*${name}.*Leave UNSTUCK_AUTH out, or ${name}`));
    });

  for (const value of ["Off", "OFF", "0", "false", "on", "off "])
    test(`"${value}" does not switch them off, and is not ignored`, () => {
      expect(problems({ UNSTUCK_AUTH: value })).toEqual([
        `UNSTUCK_AUTH: expected off or nothing, found "${value}". Example: UNSTUCK_AUTH=off`,
      ]);
    });
});

describe("proxies that are believed", () => {
  test("are addresses and networks, separated by commas", () => {
    const listed = " 127.0.0.1 ,10.0.0.0/8,, 2001:db8::/32,::1";
    expect(config({ UNSTUCK_TRUSTED_PROXIES: listed }).trustedProxies).toEqual([
      "127.0.0.1",
      "10.0.0.0/8",
      "2001:db8::/32",
      "::1",
    ]);
  });

  for (const wrong of [
    "proxy.example",
    "10.0.0",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "10.0.0.0/x",
    "/8",
    "*",
    "loopback",
  ])
    test(`are not "${wrong}"`, () => {
      expect(problems({ UNSTUCK_TRUSTED_PROXIES: `127.0.0.1,${wrong}` })).toEqual([
        `UNSTUCK_TRUSTED_PROXIES: expected addresses or networks separated by commas, found "${wrong}". Example: UNSTUCK_TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8`,
      ]);
    });
});

test("all problems are told at once", () => {
  const wrong = { HOST: "x/y", PORT: "http", UNSTUCK_TRUSTED_PROXIES: "x", UNSTUCK_AUTH: "no" };
  expect(problems(wrong).map((text) => text.split(":")[0])).toEqual([
    "PORT",
    "HOST",
    "UNSTUCK_TRUSTED_PROXIES",
    "UNSTUCK_AUTH",
  ]);
});

test("a relative data folder is below the project, an absolute one is taken as it is", () => {
  expect(config({ UNSTUCK_DATA_DIR: "../elsewhere" }).dataDir).toBe("/srv/elsewhere");
  expect(config({ UNSTUCK_DATA_DIR: "/var/lib/unstuck" }).dataDir).toBe("/var/lib/unstuck");
});

describe("the names a Host header may carry", () => {
  test("on loopback are those of this machine to itself", () => {
    expect(config({ HOST: "localhost" }).allowedHosts).toEqual(["127.0.0.1", "::1", "localhost"]);
  });
  test("beyond it are also the host's own", () => {
    const { allowedHosts } = config({ HOST: "box.example" });
    expect(allowedHosts).toEqual(
      expect.arrayContaining(["box.example", hostname().toLowerCase(), "localhost"]),
    );
  });
  test("are extended by UNSTUCK_HOSTS, trimmed, in lower case, each once", () => {
    expect(config({ UNSTUCK_HOSTS: " Ops.Example ,, localhost,ops.example" }).allowedHosts).toEqual([
      "127.0.0.1",
      "::1",
      "localhost",
      "ops.example",
    ]);
  });
});
