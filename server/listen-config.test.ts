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
    allowedHosts: ["127.0.0.1", "::1", "localhost"],
  });
});

test("empty variables count as not set, as they do in a .env file", () => {
  expect(config({ HOST: "", PORT: "", UNSTUCK_DATA_DIR: "", UNSTUCK_HOSTS: "" })).toEqual(config({}));
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
    test(`${host} is this machine and needs no permission`, () => {
      expect(config({ HOST: host })).toMatchObject({ host: host.toLowerCase(), beyondLoopback: false });
    });

  for (const host of ["0.0.0.0", "::", "192.168.1.5", "box.example", "127.0.0.1.evil.example"]) {
    test(`${host} is refused without UNSTUCK_INSECURE, and the refusal says why and what to do`, () => {
      const [problem, ...others] = problems({ HOST: host });
      expect(others).toEqual([]);
      expect(problem).toMatch(/^HOST: .* can be reached from other machines, .*UNSTUCK_INSECURE=1/);
    });
    test(`${host} is taken with UNSTUCK_INSECURE=1`, () => {
      expect(config({ HOST: host, UNSTUCK_INSECURE: "1" })).toMatchObject({ host, beyondLoopback: true });
    });
  }

  for (const value of ["0", "true", "yes", ""])
    test(`UNSTUCK_INSECURE="${value}" is not an agreement`, () =>
      expect(problems({ HOST: "0.0.0.0", UNSTUCK_INSECURE: value })).toHaveLength(1));

  for (const host of ["a b", "[::1]", "http://x", "x/y", "x?", "é"])
    test(`"${host}" is not a host, with or without UNSTUCK_INSECURE`, () => {
      expect(problems({ HOST: host, UNSTUCK_INSECURE: "1" })[0]).toMatch(/^HOST: expected an address/);
    });
});

test("all problems are told at once", () => {
  expect(problems({ HOST: "0.0.0.0", PORT: "http" }).map((text) => text.split(":")[0])).toEqual([
    "PORT",
    "HOST",
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
    const { allowedHosts } = config({ HOST: "box.example", UNSTUCK_INSECURE: "1" });
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
