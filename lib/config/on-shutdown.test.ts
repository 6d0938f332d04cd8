import { expect, test } from "vitest";
import { factsOfThisHost, type HostFacts, onShutdown, systemdHint } from "./on-shutdown";

const HOST: HostFacts = {
  pid: 812,
  engineFiles: [],
  containerEnv: null,
  cgroup: "0::/system.slice/unstuck.service\n",
  pidNamespace: "pid:[4026531836]",
};

test("B8 on a host runs are left alone", () => {
  expect(onShutdown(null, HOST)).toEqual({ policy: "leave", why: "it runs on a host" });
  // Beside the engine itself, not inside one of its containers.
  expect(onShutdown(null, { ...HOST, cgroup: "0::/system.slice/docker.service\n" }).policy).toBe("leave");
  expect(onShutdown(null, { ...HOST, cgroup: "", pidNamespace: null }).policy).toBe("leave");
});

test.each<[string, Partial<HostFacts>]>([
  ["it is pid 1", { pid: 1 }],
  ["/.dockerenv is there", { engineFiles: ["/.dockerenv"] }],
  ["/run/.containerenv is there", { engineFiles: ["/run/.containerenv"] }],
  ['the variable container is "podman"', { containerEnv: "podman" }],
  ["its cgroup is a container's (kubepods)", { cgroup: "9:pids:/kubepods/burstable/pod7\n0::/\n" }],
  ["its cgroup is a container's (docker/)", { cgroup: "4:memory:/docker/0123456789abcdef\n" }],
  ["it has a pid namespace of its own", { pidNamespace: "pid:[4026532201]" }],
])("B8 runs are stopped when %s", (why, sign) => {
  expect(onShutdown(null, { ...HOST, ...sign })).toEqual({
    policy: "stop",
    why: `its processes end with it: ${why}`,
  });
});

test("what the configuration says wins over what is found", () => {
  expect(onShutdown("leave", { ...HOST, pid: 1 })).toEqual({
    policy: "leave",
    why: "UNSTUCK_ON_SHUTDOWN=leave",
  });
  expect(onShutdown("stop", HOST).policy).toBe("stop");
});

test("the facts are read without complaint wherever it runs", () => {
  expect(factsOfThisHost({ NODE_ENV: "test", container: "lxc" })).toMatchObject({
    pid: process.pid,
    containerEnv: "lxc",
  });
  expect(factsOfThisHost({ NODE_ENV: "test" }, 1), "its parent under an older Node is").toMatchObject({
    pid: 1,
  });
});

test("who leaves runs alone under systemd is told about KillMode, and nobody else", () => {
  const leave = onShutdown(null, HOST);
  const env = { NODE_ENV: "test", SYSTEMD_EXEC_PID: "812" } as const;
  expect(systemdHint(leave, env, 812)).toContain("KillMode=process");
  // Started by hand in a session that systemd started: the variable is inherited, the pid is not.
  expect(systemdHint(leave, env, 900)).toBeNull();
  expect(systemdHint(leave, { NODE_ENV: "test" }, 812)).toBeNull();
  expect(systemdHint(onShutdown("stop", HOST), env, 812)).toBeNull();
});
