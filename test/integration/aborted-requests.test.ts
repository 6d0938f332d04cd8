import { readdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { abortRequests } from "../aborted-requests";
import { addressOf, everyAddress } from "../addresses";
import { oneServer } from "../one-server";
import { program } from "../programs";
import { seededRandom } from "../torture/seeded-random";
import { until } from "../until";

/**
 * CR-6.10 An uncaught error ends the dashboard, so no request may ever lead to one. `UNSTUCK_ABORTS=10000` asks for more than the few hundred
 * of `npm test`.
 */
const COUNT = Number(process.env.UNSTUCK_ABORTS ?? "250");
const SEED = 7;

const its = oneServer();
let paths: string[];
let takers: string[];

beforeAll(async () => {
  await its.op.makeJob("large", program("writes-bytes", 5_000_000));
  const { id: large } = await its.op.over((await its.op.start("large")).id);
  const values = { job: "large", run: large, name: "job:large", path: "" };
  paths = everyAddress()
    .filter(({ methods }) => methods.includes("GET"))
    .map(({ pattern }) => addressOf(pattern, values));
  const log = `/api/v1/runs/${large}/log`;
  // What streams, more often than its share.
  for (const query of ["", "?download=1", "?after=0", "?after=4000000", "?tail=10000"])
    for (let turn = 0; turn < 4; turn += 1) paths.push(`${log}${query}`);
  takers = [
    "/api/v1/jobs",
    "/api/v1/jobs/none/start",
    "/api/v1/imports",
    "/api/v1/cleanup/plans",
    "/jobs",
    `/api/v1/runs/${large}/progress`,
    `/api/v1/runs/${large}/heartbeat`,
  ];
});

test(`CR-6.10 ${COUNT} requests whose senders go away at every moment, with half a body or half an answer, end nothing`, async () => {
  const descriptors = () => readdirSync(`/proc/${its.server.pid}/fd`).length;
  // The first load of each page opens files that stay open.
  for (const path of paths) await (await fetch(`${its.server.origin}${path}`)).arrayBuffer();
  const before = descriptors();
  const aborts = await abortRequests(its.server.origin, {
    count: COUNT,
    atOnce: 20,
    random: seededRandom(SEED),
    paths,
    takers,
  });
  expect(aborts.done).toBeGreaterThanOrEqual(COUNT);
  expect(aborts.answered).toBeGreaterThan(COUNT / 10);
  expect((await its.server.api("GET", "/health")).body.supervisor).toBe("ready");
  await until("no connection and no file is left open", () => descriptors() <= before + 5);
  const lines = its.server.output().split("\n");
  const bad = lines.filter((line) => /"level":(50|60)|uncaught|unhandled|ERR_|Error/i.test(line));
  expect(bad).toEqual([]);
  if (process.env.UNSTUCK_ABORTS !== undefined) console.log(JSON.stringify(aborts));
});
