import { expect, test } from "vitest";
import { accountsServer } from "../accounts-server";
import { newPerson } from "../people";
import { request } from "../server";
import { until } from "../until";

const NOT_ALLOWED = { status: 403, body: { code: "NOT_ALLOWED" } };

const its = accountsServer();

test("a viewer looks, an operator starts and stops, and each is refused the rest", async () => {
  const viewer = await newPerson(its.server, its.admin, { name: "vera", role: "viewer" });
  const operator = await newPerson(its.server, its.admin, { name: "otto", role: "operator" });
  expect((await viewer.api("GET", "/api/v1/status")).body.items).toHaveLength(2);
  expect((await viewer.api("GET", "/api/v1/jobs/shop")).body).toMatchObject({
    env: {},
    envHidden: ["PLAIN"],
  });
  expect((await operator.api("GET", "/api/v1/jobs/shop")).body).toMatchObject({
    env: { PLAIN: "v1sible" },
  });
  expect(await viewer.api("POST", "/api/v1/jobs/shop/start")).toMatchObject(NOT_ALLOWED);
  expect(await viewer.api("GET", "/api/v1/jobs/shop/environment")).toMatchObject(NOT_ALLOWED);
  expect(await operator.api("POST", "/api/v1/jobs/shop/start", { args: ["--evil"] })).toMatchObject(
    NOT_ALLOWED,
  );
  const started = await operator.api("POST", "/api/v1/jobs/shop/start");
  expect(started).toMatchObject({ status: 202, body: { run: { actor: "otto" } } });
  expect(await operator.api("POST", "/api/v1/jobs/shop/stop", { force: true })).toMatchObject(NOT_ALLOWED);
  for (const path of ["/api/v1/jobs/shop/stop", "/api/v1/stop-all"])
    expect(await operator.api("POST", path, { graceMs: 0 })).toMatchObject(NOT_ALLOWED);
  expect((await operator.api("POST", "/api/v1/jobs/shop/stop")).status).toBe(202);
  for (const [method, path] of [
    ["POST", "/api/v1/jobs"],
    ["DELETE", "/api/v1/jobs/shop"],
    ["GET", "/api/v1/users"],
    ["POST", "/api/v1/tokens"],
    ["GET", "/api/v1/audit"],
    ["PUT", "/api/v1/limits/worker"],
  ] as const)
    expect(await operator.api(method, path, method === "GET" ? undefined : {})).toMatchObject(NOT_ALLOWED);
  const refused = await its.admin.api("GET", "/api/v1/audit?outcome=refused&actor=otto");
  expect(refused.body.items[0]).toMatchObject({
    action: "access.refused",
    via: "session",
    address: "127.0.0.1",
  });
});

test("a role for some jobs shows those and nothing of the others", async () => {
  const grants = [
    { role: "operator", on: "tag:shop" },
    { role: "viewer", on: "job:nothing" },
  ];
  const part = await newPerson(its.server, its.admin, { name: "part", grants });
  const [{ body: status }, { body: jobs }] = [
    await part.api("GET", "/api/v1/status"),
    await part.api("GET", "/api/v1/jobs"),
  ];
  expect(status.items.map(({ job }: { job: string }) => job)).toEqual(["shop"]);
  expect(jobs.items.map(({ id }: { id: string }) => id)).toEqual(["shop"]);
  const { body: other } = await its.admin.api("POST", "/api/v1/jobs/other/start");
  expect((await part.api("POST", "/api/v1/jobs/shop/start")).status).toBe(202);
  const { body: runs } = await part.api("GET", "/api/v1/runs");
  expect(new Set(runs.items.map(({ job }: { job: string }) => job))).toEqual(new Set(["shop"]));
  expect((await part.api("GET", "/api/v1/runs?job=other")).body.items).toEqual([]);
  expect((await part.api("GET", "/api/v1/runs?q=other")).body.items).toEqual([]);
  for (const path of [
    "/api/v1/jobs/other",
    "/api/v1/jobs/other/status",
    `/api/v1/runs/${other.run.id}`,
    `/api/v1/runs/${other.run.id}/log`,
    "/api/v1/runs/run_00000000000000000000",
    "/api/v1/locks",
    "/api/v1/stuck",
  ])
    expect(await part.api("GET", path)).toMatchObject(NOT_ALLOWED);
  for (const path of ["/api/v1/jobs/other/start", "/api/v1/jobs/other/stop", "/api/v1/stop-all"])
    expect(await part.api("POST", path)).toMatchObject(NOT_ALLOWED);
  const page = await request(its.server.origin, "GET", "/jobs/other", undefined, { cookie: part.cookie() });
  expect(page.headers.get("location")).toBe("/not-allowed?page=%2Fjobs%2Fother");
});

test("what the program of a job with a private log writes is for those who may start it", async () => {
  const argv = ["sh", "-c", "echo Error: $(echo quokka)-said-last 4711 >&2; exit 3"];
  const body = { id: "quiet", argv, cwd: its.server.dataDir, privateLog: true };
  expect((await its.admin.api("POST", "/api/v1/jobs", body)).status).toBe(201);
  const { body: started } = await its.admin.api("POST", "/api/v1/jobs/quiet/start");
  const run = `/api/v1/runs/${started.run.id}`;
  await until("it has failed", async () => (await its.admin.api("GET", run)).body.state === "failed");
  const { fingerprint } = (await its.admin.api("GET", run)).body;
  expect(fingerprint).toContain("quokka-said-last");
  const viewer = await newPerson(its.server, its.admin, { name: "victor", role: "viewer" });
  const grants = [{ role: "viewer", on: "job:quiet" }];
  const granted = await newPerson(its.server, its.admin, { name: "gwen", grants });
  const alike = `/api/v1/runs?${new URLSearchParams({ fingerprint })}`;
  const paths = [
    run,
    alike,
    `${run}/events`,
    "/api/v1/status",
    "/api/v1/status?fields=job,run",
    "/api/v1/runs",
  ];
  paths.push(
    "/api/v1/status?limit=10&order=attention",
    "/api/v1/jobs/quiet/status",
    "/api/v1/jobs/quiet/precheck",
  );
  for (const one of [viewer, granted]) {
    expect(await one.api("GET", `${run}/log`)).toMatchObject(NOT_ALLOWED);
    for (const path of paths) {
      const answer = await one.api("GET", path);
      expect(answer.status, path).toBe(200);
      expect(JSON.stringify(answer.body), path).not.toContain("quokka-said-last");
    }
    expect((await one.api("GET", run)).body).toMatchObject({ logHidden: true, lastWords: null });
    expect((await one.api("GET", alike)).body.items).toEqual([]);
    for (const page of ["/", "/jobs", "/jobs/quiet", "/runs", `/runs/${started.run.id}`]) {
      const html = await request(its.server.origin, "GET", page, undefined, { cookie: one.cookie() });
      expect(html.status, page).toBe(200);
      expect(String(html.body), page).not.toContain("quokka-said-last");
    }
  }
  expect(JSON.stringify((await viewer.api("GET", "/api/v1/stuck")).body)).not.toContain("quokka-said-last");
  const helper = await newPerson(its.server, its.admin, {
    name: "helga",
    role: "viewer",
    grants: [{ role: "operator", on: "job:quiet" }],
  });
  expect(String((await helper.api("GET", `${run}/log`)).body)).toContain("quokka-said-last");
  expect((await helper.api("GET", run)).body).toMatchObject({ logHidden: false, fingerprint });
  expect((await helper.api("GET", alike)).body.items).toHaveLength(1);
  expect(JSON.stringify((await helper.api("GET", "/api/v1/status")).body)).toContain("quokka-said-last");
});
