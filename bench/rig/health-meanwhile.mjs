import { setTimeout as wait } from "node:timers/promises";
import { connect } from "./api.mjs";

/**
 * @param {Pick<import("./server.mjs").BenchServer, "origin">} server
 * @param {number} everyMs
 * @param {() => Promise<unknown>} work
 * @returns {Promise<number[]>} how long each answer took, over a connection of its own
 */
export async function healthMeanwhile({ origin }, everyMs, work) {
  const api = connect(origin);
  /** @type {number[]} */
  const took = [];
  let over = false;
  const asking = (async () => {
    while (!over) {
      const began = performance.now();
      await api.get("/health");
      took.push(performance.now() - began);
      await wait(Math.max(0, everyMs - (performance.now() - began)));
    }
  })();
  try {
    await work();
  } finally {
    over = true;
    await asking;
    api.close();
  }
  return took;
}
