import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressOf, everyAddress } from "../addresses";
import { type Operator, operator } from "../operator";
import { firstAdmin, newPerson, type Person } from "../people";
import { kill, launcherOf } from "../processes";
import { program } from "../programs";
import { type Answer, cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Two jobs that share a lock, and two that share a pid file; a person who may start one of each, and sees nothing of the other. */

const THEIRS = "theirs-zq7";
const LOCK = "shop";
const SEEN = ["waits", "shares", "same-file", "fails"];

let server: TestServer;
let op: Operator;
let admin: Person;
let guest: Person;
/** May see them all by grants. */
let friend: Person;
/** Of the jobs that the guest does not see. */
const runsOfTheirs: string[] = [];
/** A plan that has cleaned a run of each. */
let cleaned: string;
const runsOfGuest: string[] = [];

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_AUTH: "" } });
  op = operator(server);
  admin = await firstAdmin(server);
  const on = (...jobs: string[]) => jobs.map((job) => ({ role: "operator", on: `job:${job}` }));
  guest = await newPerson(server, admin, { name: "guest", grants: on(...SEEN) });
  friend = await newPerson(server, admin, {
    name: "friend",
    grants: on(...SEEN, THEIRS, `${THEIRS}-2`),
  });
  const holder = await op.runningJob(THEIRS, program("forever"), { locks: [LOCK] });
  await op.makeJob("waits", program("forever"), { locks: [LOCK] });
  const waiting = await op.start("waits");
  await op.runThat(waiting.id, "waits", ({ waitingFor }) => waitingFor !== null);
  // By two paths, so that the pid file itself is met, and not its lock.
  mkdirSync(join(op.cwd, "real"));
  symlinkSync("real", join(op.cwd, "link"));
  const writes = ["sh", "-c", "echo $$ > real/job.pid; exec sleep 1000"];
  const other = await op.runningJob(`${THEIRS}-2`, writes, { pidFile: "real/job.pid" });
  await op.makeJob("same-file", ["sleep", "1000"], { pidFile: "real/job.pid" });
  await op.makeJob("shares", ["sleep", "1000"], { pidFile: "link/job.pid" });
  const failed = [];
  for (const job of ["fails", `${THEIRS}-3`]) {
    // Nothing is left to say how it ended, so it has to be decided about.
    const run = await op.runningJob(job, program("forever"));
    for (const pid of [launcherOf(run), run.pid]) kill(pid, "SIGKILL");
    await op.over(run.id);
    failed.push(run.id);
  }
  cleaned = (await admin.api("POST", "/api/v1/cleanup/plans", { runs: failed })).body.id;
  expect((await admin.api("POST", `/api/v1/cleanup/plans/${cleaned}/apply`, {})).status).toBeLessThan(300);
  const [ours = "", others = ""] = failed;
  runsOfTheirs.push(holder.id, other.id, others);
  runsOfGuest.push(waiting.id, ours);
});
afterAll(async () => {
  await op.endAll();
  await cleanUp();
});

const textOf = (body: Answer) => (typeof body === "string" ? body : JSON.stringify(body));
/** What of the other jobs stands in an answer. */
const leaks = (body: Answer) => [THEIRS, ...runsOfTheirs].filter((id) => textOf(body).includes(id));

/** Every page and route that is asked for by GET, with what the guest may see. */
function everyGet(): string[] {
  return everyAddress()
    .filter(({ methods }) => methods.includes("GET"))
    .flatMap(({ pattern }) => {
      const jobs = pattern.includes("[job]") ? SEEN : [""];
      const runs = pattern.includes("[run]") ? runsOfGuest : [""];
      return jobs.flatMap((job) => runs.map((run) => addressOf(pattern, { job, run })));
    });
}

describe("a job that someone may not see", () => {
  test("is not named as what holds a lock, which stays known", async () => {
    const path = `/api/v1/runs/${runsOfGuest[0]}`;
    const { body } = await guest.api("GET", path);
    expect(body).toMatchObject({
      job: "waits",
      state: "queued",
      waitingFor: `lock ${LOCK}, held by a run of another job`,
    });
    const { body: events } = await guest.api("GET", `${path}/events`);
    expect(textOf(events)).toContain(`lock ${LOCK}, held by a run of another job`);
    const { body: page } = await guest.api("GET", `/runs/${runsOfGuest[0]}`);
    expect(page).toContain(`lock ${LOCK}, held by a run of another job`);
    // Those who may see it are told which one it is.
    for (const person of [admin, friend])
      expect((await person.api("GET", path)).body.waitingFor).toBe(
        `lock ${LOCK}, held by ${runsOfTheirs[0]}`,
      );
  });

  test("is not named as what a pid file belongs to, in the reason and the history of a run that failed for it", async () => {
    const { body: started } = await guest.api("POST", "/api/v1/jobs/shares/start", {});
    const { run } = started;
    runsOfGuest.push(run.id);
    await op.over(run.id);
    const path = `/api/v1/runs/${run.id}`;
    const said = /names process \d+, which belongs to a run of another job\. Stop that run first/;
    const { body } = await guest.api("GET", path);
    expect(body).toMatchObject({ state: "failed", reason: expect.stringMatching(said) });
    for (const more of [`${path}/events`, `/runs/${run.id}`, "/api/v1/jobs/shares/status"])
      expect(textOf((await guest.api("GET", more)).body), more).toMatch(said);
    expect((await friend.api("GET", path)).body.reason).toContain(
      `belongs to run ${runsOfTheirs[1]} of job "${THEIRS}-2"`,
    );
  });

  test("is not named among what a clean-up was for", async () => {
    const of = async (person: Person) => {
      await until(
        "it is applied",
        async () => (await person.api("GET", "/api/v1/jobs/fails/cleanups")).body.cleaned === 1,
      );
      return (await person.api("GET", "/api/v1/jobs/fails/cleanups")).body.plans.items;
    };
    expect(await of(guest)).toMatchObject([{ id: cleaned, runs: [runsOfGuest[1]] }]);
    expect(await of(admin)).toMatchObject([{ id: cleaned, runs: [runsOfGuest[1], runsOfTheirs[2]] }]);
  });

  test("is named by nothing else that can be changed or asked for", async () => {
    const calls: [string, object][] = [
      ["waits/start", {}],
      ["same-file/start", {}],
      ["waits/restart", {}],
      ["waits/reset", {}],
      ["shares/reset", {}],
      ["shares/restart", {}],
      ["shares/stop", {}],
      ["waits/recovery/retry", {}],
      ["shares/recovery/stop", {}],
    ];
    for (const [path, given] of calls) {
      const { status, body } = await guest.api("POST", `/api/v1/jobs/${path}`, given);
      expect(leaks(body), `${path}: ${status}`).toEqual([]);
    }
    // The waiting run may be over by now; another one waits like it.
    const { body } = await guest.api("GET", "/api/v1/runs?job=waits");
    runsOfGuest.splice(0, runsOfGuest.length, ...body.items.map(({ id }: Answer) => id));
    if (!body.items.some(({ state }: Answer) => state === "queued")) {
      const { body: again } = await guest.api("POST", "/api/v1/jobs/waits/start", {});
      runsOfGuest.push(again.run.id);
    }
  });

  test("is named by no page and no route, and each that the guest may see was looked at", async () => {
    const seen: string[] = [];
    for (const path of everyGet()) {
      const { status, body } = await guest.api("GET", path);
      expect(leaks(body), `${path}: ${status}`).toEqual([]);
      if (status === 200) seen.push(path);
    }
    expect(seen).toEqual(
      expect.arrayContaining([
        "/",
        "/jobs",
        "/runs",
        "/jobs/waits",
        "/api/v1/status",
        "/api/v1/runs",
        "/api/v1/jobs/shares/precheck",
      ]),
    );
    expect(seen.length).toBeGreaterThan(25);
    // The look itself finds what there is to find: an admin is shown it in many places.
    const shown = [];
    for (const path of everyGet())
      if (leaks((await admin.api("GET", path)).body).length > 0) shown.push(path);
    expect(shown.length).toBeGreaterThan(8);
  });
});
