/** What is made through its API. */

export const CATEGORY = "general";
/** A plugin that is the command itself. */
const DIRECT = "benchdirect";

export function directPlugin() {
  const param = { id: "benchcmd", type: "text", title: "Command", size: 80, value: "" };
  return { id: DIRECT, title: "Bench direct", enabled: 1, command: "sh -c $BENCHCMD", params: [param] };
}

/** @param {string} key */
export function apiKey(key) {
  const privileges = ["admin", "create_events", "edit_events", "delete_events", "run_events", "abort_events"];
  return {
    title: "bench",
    key,
    active: 1,
    privileges: Object.fromEntries(privileges.map((name) => [name, 1])),
  };
}

/**
 * @param {import("./adapter.mjs").Spec} spec
 * @param {{ direct: boolean, detached: boolean }} how
 */
export function eventOf({ name, argv, max = 1 }, { direct, detached }) {
  const command = `exec ${argv.map((word) => `'${word}'`).join(" ")}`;
  const limits = { max_children: max, timeout: 0, retries: 0, catch_up: 0, queue: 0 };
  const place = { category: CATEGORY, target: "allgrp", algo: "random", timing: false };
  const params = direct ? { benchcmd: command } : { script: `#!/bin/sh\n${command}\n`, annotate: 0, json: 0 };
  const plugin = direct ? DIRECT : "shellplug";
  return {
    id: name,
    title: name,
    enabled: 1,
    ...limits,
    ...place,
    detached: detached ? 1 : 0,
    plugin,
    params,
  };
}
