import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf } from "@/lib/auth/totp";
import {
  firstAdmin,
  newPerson,
  PASSWORD,
  type Person,
  person,
  setUpCode,
  signIn,
  withToken,
} from "../people";
import { program } from "../programs";
import { cleanUp, request, startServer, type TestServer } from "../server";
import { until } from "../until";

const ACCOUNTS = { UNSTUCK_AUTH: "" };
const SIGNED_OUT = { status: 401, body: { code: "SIGNED_OUT" } };
const NOT_ALLOWED = { status: 403, body: { code: "NOT_ALLOWED" } };

describe("the first start", () => {
  afterAll(cleanUp);

  test("without an account nothing is told but that one has to be made, and the printed code makes it once", async () => {
    const server = await startServer({ env: ACCOUNTS, first: true });
    for (const path of ["/api/v1/status", "/api/v1/jobs", "/api/v1/doctor", "/api/v1/nothing"])
      expect(await request(server.origin, "GET", path)).toMatchObject(SIGNED_OUT);
    expect((await request(server.origin, "GET", "/health")).status).toBe(200);
    const page = await request(server.origin, "GET", "/jobs");
    expect(page).toMatchObject({ status: 303 });
    expect(page.headers.get("location")).toBe("/set-up");
    const stranger = person(server);
    expect((await stranger.api("GET", "/api/v1/session")).body).toMatchObject({ me: null, setUp: true });
    const guess = { code: "x".repeat(43), name: "eve", password: PASSWORD };
    expect(await stranger.api("POST", "/api/v1/set-up", guess)).toMatchObject({
      status: 403,
      body: { code: "SET_UP_CODE_WRONG" },
    });
    const code = setUpCode(server);
    const file = join(server.dataDir, "_set-up-code");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(server.dataDir, "_secret-key")).mode & 0o777).toBe(0o600);
    const weak = await stranger.api("POST", "/api/v1/set-up", { code, name: "ada", password: "short" });
    expect(weak).toMatchObject({ status: 422, body: { code: "PASSWORD_REFUSED" } });
    // Two at the same moment make one.
    const [one, two] = [person(server), person(server)];
    const both = await Promise.all(
      [one, two].map((each, at) =>
        each.api("POST", "/api/v1/set-up", { code, name: `admin${at}`, password: PASSWORD }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(existsSync(file)).toBe(false);
    const admin = both[0]?.status === 201 ? one : two;
    expect((await admin.api("GET", "/api/v1/users")).body.items).toHaveLength(1);
    expect((await admin.api("GET", "/api/v1/session")).body).toMatchObject({
      me: { role: "admin" },
      setUp: false,
    });
    expect((await request(server.origin, "GET", "/jobs")).headers.get("location")).toBe(
      "/sign-in?next=%2Fjobs",
    );
    // The session outlives a kill -9, and the link is not printed any more.
    await server.kill();
    const again = await startServer({
      dataDir: server.dataDir,
      port: Number(new URL(server.origin).port),
      env: ACCOUNTS,
    });
    expect((await admin.api("GET", "/api/v1/status")).status).toBe(200);
    expect(again.output()).not.toContain("/set-up#");
  });

  test("the link of an earlier start still works", async () => {
    const server = await startServer({ env: ACCOUNTS });
    const code = setUpCode(server);
    await server.kill();
    const again = await startServer({ dataDir: server.dataDir, env: ACCOUNTS });
    expect(setUpCode(again)).toBe(code);
    await firstAdmin(again);
  });
});

describe("people", () => {
  let server: TestServer;
  let admin: Person;
  beforeAll(async () => {
    server = await startServer({ env: ACCOUNTS });
    admin = await firstAdmin(server);
    const cwd = server.dataDir;
    const job = {
      argv: program("forever"),
      cwd,
      env: { PLAIN: "v1sible" },
      envSecret: { HIDDEN: "s3cret-value" },
    };
    for (const id of ["shop", "other"])
      expect((await admin.api("POST", "/api/v1/jobs", { ...job, id, tags: [id] })).status).toBe(201);
  });
  afterAll(async () => {
    await server.api("POST", "/api/v1/stop-all", { graceMs: 0 });
    await until("no run is active", async () => {
      const { body } = await server.api("GET", "/api/v1/runs?state=queued,starting,running,stopping");
      return body.items.length === 0;
    });
    await cleanUp();
  });

  test("a wrong password, an unknown name and one that is disabled get the same answer", async () => {
    const gone = await newPerson(server, admin, { name: "gone", role: "viewer" });
    expect((await admin.api("PATCH", `/api/v1/users/${gone.id}`, { disabled: true })).status).toBe(200);
    const tries = [
      ["ada", "not the password"],
      ["nobody-here", PASSWORD],
      ["gone", PASSWORD],
    ] as const;
    const answers = await Promise.all(
      tries.map(([name, password]) => signIn(person(server), name, password)),
    );
    for (const { status, body } of answers)
      expect({ status, ...body, requestId: null }).toEqual({
        ...answers[0]?.body,
        status: 401,
        requestId: null,
      });
    expect(answers[0]?.body.code).toBe("SIGN_IN_FAILED");
  });

  test("who fails again and again has to wait, by name, whatever address is claimed", async () => {
    await newPerson(server, admin, { name: "target", role: "viewer" });
    const tries: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      const headers = { "x-forwarded-for": `198.51.100.${count}`, forwarded: `for=198.51.100.${count}` };
      const body = { name: "target", password: "wrong wrong wrong" };
      tries.push((await request(server.origin, "POST", "/api/v1/session", body, headers)).status);
    }
    expect(tries.slice(0, 4)).toEqual([401, 401, 401, 401]);
    expect(tries).toContain(429);
    const waiting = await signIn(person(server), "target");
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("a viewer looks, an operator starts and stops, and each is refused the rest", async () => {
    const viewer = await newPerson(server, admin, { name: "vera", role: "viewer" });
    const operator = await newPerson(server, admin, { name: "otto", role: "operator" });
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
    const refused = await admin.api("GET", "/api/v1/audit?outcome=refused&actor=otto");
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
    const part = await newPerson(server, admin, { name: "part", grants });
    const [{ body: status }, { body: jobs }] = [
      await part.api("GET", "/api/v1/status"),
      await part.api("GET", "/api/v1/jobs"),
    ];
    expect(status.items.map(({ job }: { job: string }) => job)).toEqual(["shop"]);
    expect(jobs.items.map(({ id }: { id: string }) => id)).toEqual(["shop"]);
    const { body: other } = await admin.api("POST", "/api/v1/jobs/other/start");
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
    const page = await request(server.origin, "GET", "/jobs/other", undefined, { cookie: part.cookie() });
    expect(page.headers.get("location")).toBe("/not-allowed?page=%2Fjobs%2Fother");
  });

  test("what the program of a job with a private log writes is for those who may start it", async () => {
    const argv = ["sh", "-c", "echo Error: $(echo quokka)-said-last 4711 >&2; exit 3"];
    const body = { id: "quiet", argv, cwd: server.dataDir, privateLog: true };
    expect((await admin.api("POST", "/api/v1/jobs", body)).status).toBe(201);
    const { body: started } = await admin.api("POST", "/api/v1/jobs/quiet/start");
    const run = `/api/v1/runs/${started.run.id}`;
    await until("it has failed", async () => (await admin.api("GET", run)).body.state === "failed");
    const { fingerprint } = (await admin.api("GET", run)).body;
    expect(fingerprint).toContain("quokka-said-last");
    const viewer = await newPerson(server, admin, { name: "victor", role: "viewer" });
    const grants = [{ role: "viewer", on: "job:quiet" }];
    const granted = await newPerson(server, admin, { name: "gwen", grants });
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
        const html = await request(server.origin, "GET", page, undefined, { cookie: one.cookie() });
        expect(html.status, page).toBe(200);
        expect(String(html.body), page).not.toContain("quokka-said-last");
      }
    }
    expect(JSON.stringify((await viewer.api("GET", "/api/v1/stuck")).body)).not.toContain("quokka-said-last");
    const helper = await newPerson(server, admin, {
      name: "helga",
      role: "viewer",
      grants: [{ role: "operator", on: "job:quiet" }],
    });
    expect(String((await helper.api("GET", `${run}/log`)).body)).toContain("quokka-said-last");
    expect((await helper.api("GET", run)).body).toMatchObject({ logHidden: false, fingerprint });
    expect((await helper.api("GET", alike)).body.items).toHaveLength(1);
    expect(JSON.stringify((await helper.api("GET", "/api/v1/status")).body)).toContain("quokka-said-last");
  });

  test("a changed password, role or being disabled ends the sessions at once", async () => {
    const mia = await newPerson(server, admin, { name: "mia", role: "viewer" });
    const second = person(server);
    await signIn(second, "mia");
    const next = "another good password";
    expect((await mia.api("PUT", "/api/v1/account/password", { current: PASSWORD, next })).status).toBe(204);
    expect(await second.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
    expect((await mia.api("GET", "/api/v1/status")).status).toBe(200);
    expect((await admin.api("PATCH", `/api/v1/users/${mia.id}`, { role: "operator" })).status).toBe(200);
    expect(await mia.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
  });

  test("the secret of a session is new after signing in, and dead after signing out", async () => {
    const lea = await newPerson(server, admin, { name: "lea", role: "viewer" });
    const before = lea.copied();
    expect((await signIn(lea, "lea")).status).toBe(200);
    expect(lea.cookie()).not.toBe(before.cookie());
    expect(await before.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
    const stolen = lea.copied();
    expect((await lea.api("DELETE", "/api/v1/session")).status).toBe(204);
    expect(lea.cookie()).toBe("");
    expect(await stolen.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
  });

  test("a change that carries a session but does not say which page sent it is refused", async () => {
    const headers = { cookie: admin.cookie() };
    const answer = await request(server.origin, "POST", "/api/v1/jobs/shop/start", {}, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
    expect((await request(server.origin, "GET", "/api/v1/status", undefined, headers)).status).toBe(200);
  });

  test("a second factor is asked for, its codes count once, and a recovery code lets in once", async () => {
    const tom = await newPerson(server, admin, { name: "tom", role: "viewer" });
    const begun = await tom.api("POST", "/api/v1/account/second-factor", { password: PASSWORD });
    expect(begun.status).toBe(201);
    const { secret, uri } = begun.body;
    expect(uri).toContain(`secret=${secret}`);
    const step = () => Math.floor(Date.now() / 30_000);
    const confirmed = await tom.api("PUT", "/api/v1/account/second-factor", { code: codeOf(secret, step()) });
    expect(confirmed.status).toBe(200);
    const { recoveryCodes } = confirmed.body;
    expect(recoveryCodes).toHaveLength(10);
    expect(await signIn(person(server), "tom")).toMatchObject({
      status: 401,
      body: { code: "SECOND_FACTOR_NEEDED" },
    });
    // The code of this step was used to confirm; the next step's is not.
    const code = codeOf(secret, step() + 1);
    const both = await Promise.all(
      [person(server), person(server)].map((one) => signIn(one, "tom", PASSWORD, code)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    const [recovery] = recoveryCodes;
    expect((await signIn(person(server), "tom", PASSWORD, recovery.toUpperCase())).status).toBe(200);
    expect((await signIn(person(server), "tom", PASSWORD, recovery)).status).toBe(401);
    // Neither it nor a recovery code lies readable in the database.
    const kept = readdirSync(server.dataDir).filter((name) => name.startsWith("unstuck.db"));
    const bytes = kept.map((name) => readFileSync(join(server.dataDir, name), "latin1")).join("");
    expect([secret, recoveryCodes[5], PASSWORD].filter((text) => bytes.includes(text))).toEqual([]);
  });

  test("a token reads unless it was made for more, and is refused from the moment it is revoked", async () => {
    const reader = await withToken(server, admin, { name: "reader" });
    expect((await reader.api("GET", "/api/v1/status")).status).toBe(200);
    expect(await reader.api("POST", "/api/v1/jobs/shop/stop")).toMatchObject(NOT_ALLOWED);
    const starter = await withToken(server, admin, {
      name: "starter",
      role: null,
      grants: [{ role: "operator", on: "job:shop" }],
    });
    await starter.api("POST", "/api/v1/jobs/shop/stop");
    expect((await starter.api("GET", "/api/v1/jobs/shop/status")).status).toBe(200);
    expect(await starter.api("GET", "/api/v1/jobs/other/status")).toMatchObject(NOT_ALLOWED);
    const listed = await admin.api("GET", "/api/v1/tokens");
    expect(JSON.stringify(listed.body)).not.toContain(reader.secret);
    expect((await admin.api("DELETE", `/api/v1/tokens/${reader.id}`)).status).toBe(200);
    expect(await reader.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
  });

  test("the last admin stays, also when two demote each other at the same moment", async () => {
    const { body } = await admin.api("GET", "/api/v1/users");
    const ada = body.items.find(({ name }: { name: string }) => name === "ada");
    expect(await admin.api("PATCH", `/api/v1/users/${ada.id}`, { role: "viewer" })).toMatchObject({
      status: 409,
      body: { code: "LAST_ADMIN" },
    });
    const eva = await newPerson(server, admin, { name: "eva", role: "admin" });
    const [one, two] = await Promise.all([
      admin.api("PATCH", `/api/v1/users/${eva.id}`, { role: "viewer" }),
      eva.api("PATCH", `/api/v1/users/${ada.id}`, { role: "viewer" }),
    ]);
    expect([one.status, two.status].filter((status) => status === 200)).toHaveLength(1);
    // By the owner's door, whoever it was.
    expect((await server.api("PATCH", `/api/v1/users/${ada.id}`, { role: "admin" })).status).toBe(200);
    await signIn(admin, "ada");
  });

  test("a page of another site can do nothing with a session", async () => {
    for (const origin of ["http://evil.example", "null", `${server.origin}.evil.example`]) {
      const headers = { cookie: admin.cookie(), origin };
      const answer = await request(server.origin, "POST", "/api/v1/stop-all", {}, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
    }
  });
});

describe("in front of it", () => {
  afterAll(cleanUp);

  test("a proxy with TLS that is trusted makes the cookie one of this host and of TLS alone, and one that is not changes nothing", async () => {
    const trusting = await startServer({ env: { ...ACCOUNTS, UNSTUCK_TRUSTED_PROXIES: "127.0.0.1" } });
    const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9" };
    const body = { code: setUpCode(trusting), name: "ada", password: PASSWORD };
    const made = await request(trusting.origin, "POST", "/api/v1/set-up", body, headers);
    const [cookie = ""] = made.headers.getSetCookie();
    expect(cookie).toMatch(
      /^__Host-unstuck-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    );
    expect(made.headers.get("strict-transport-security")).toBe("max-age=31536000");
    const pair = cookie.split(";")[0] ?? "";
    const sessions = await request(trusting.origin, "GET", "/api/v1/account/sessions", undefined, {
      ...headers,
      cookie: pair,
    });
    expect(sessions.body.items).toMatchObject([{ address: "203.0.113.9", current: true }]);
    // By plain HTTP it is no session: it was made for TLS.
    expect(
      (await request(trusting.origin, "GET", "/api/v1/status", undefined, { cookie: pair })).status,
    ).toBe(401);
    const plain = await startServer({ env: ACCOUNTS });
    const there = { code: setUpCode(plain), name: "ada", password: PASSWORD };
    const other = await request(plain.origin, "POST", "/api/v1/set-up", there, headers);
    const [plainCookie = ""] = other.headers.getSetCookie();
    expect(plainCookie).toMatch(/^unstuck-[0-9a-f]{8}=/);
    expect(plainCookie).not.toContain("Secure");
    expect(other.headers.get("strict-transport-security")).toBeNull();
    // Two dashboards of one host do not sign each other out: a browser keeps a cookie of each.
    expect(plainCookie.split("=")[0]).not.toBe(cookie.split("=")[0]?.replace("__Host-", ""));
  });
});

test("accounts can be switched off on this machine alone", async () => {
  const server = await startServer({ env: { UNSTUCK_AUTH: "off" } });
  expect((await request(server.origin, "GET", "/api/v1/status")).status).toBe(200);
  expect((await request(server.origin, "GET", "/api/v1/session")).body).toMatchObject({
    me: { via: "open" },
    setUp: false,
  });
  await cleanUp();
});
