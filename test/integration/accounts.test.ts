import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeOf } from "@/lib/auth/totp";
import { accountsServer } from "../accounts-server";
import { newPerson, PASSWORD, person, signIn, withToken } from "../people";
import { request } from "../server";

const SIGNED_OUT = { status: 401, body: { code: "SIGNED_OUT" } };
const NOT_ALLOWED = { status: 403, body: { code: "NOT_ALLOWED" } };

const its = accountsServer();

test("a wrong password, an unknown name and one that is disabled get the same answer", async () => {
  const gone = await newPerson(its.server, its.admin, { name: "gone", role: "viewer" });
  expect((await its.admin.api("PATCH", `/api/v1/users/${gone.id}`, { disabled: true })).status).toBe(200);
  const tries = [
    ["ada", "not the password"],
    ["nobody-here", PASSWORD],
    ["gone", PASSWORD],
  ] as const;
  const answers = await Promise.all(
    tries.map(([name, password]) => signIn(person(its.server), name, password)),
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
  await newPerson(its.server, its.admin, { name: "target", role: "viewer" });
  const tries: number[] = [];
  for (let count = 0; count < 6; count += 1) {
    const headers = { "x-forwarded-for": `198.51.100.${count}`, forwarded: `for=198.51.100.${count}` };
    const body = { name: "target", password: "wrong wrong wrong" };
    tries.push((await request(its.server.origin, "POST", "/api/v1/session", body, headers)).status);
  }
  expect(tries.slice(0, 4)).toEqual([401, 401, 401, 401]);
  expect(tries).toContain(429);
  const waiting = await signIn(person(its.server), "target");
  expect(waiting.status).toBe(429);
  expect(Number(waiting.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a changed password, role or being disabled ends the sessions at once", async () => {
  const mia = await newPerson(its.server, its.admin, { name: "mia", role: "viewer" });
  const second = person(its.server);
  await signIn(second, "mia");
  const next = "another good password";
  expect((await mia.api("PUT", "/api/v1/account/password", { current: PASSWORD, next })).status).toBe(204);
  expect(await second.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
  expect((await mia.api("GET", "/api/v1/status")).status).toBe(200);
  expect((await its.admin.api("PATCH", `/api/v1/users/${mia.id}`, { role: "operator" })).status).toBe(200);
  expect(await mia.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
});

test("the secret of a session is new after signing in, and dead after signing out", async () => {
  const lea = await newPerson(its.server, its.admin, { name: "lea", role: "viewer" });
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
  const headers = { cookie: its.admin.cookie() };
  const answer = await request(its.server.origin, "POST", "/api/v1/jobs/shop/start", {}, headers);
  expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
  expect((await request(its.server.origin, "GET", "/api/v1/status", undefined, headers)).status).toBe(200);
});

test("a second factor is asked for, its codes count once, and a recovery code lets in once", async () => {
  const tom = await newPerson(its.server, its.admin, { name: "tom", role: "viewer" });
  const begun = await tom.api("POST", "/api/v1/account/second-factor", { password: PASSWORD });
  expect(begun.status).toBe(201);
  const { secret, uri } = begun.body;
  expect(uri).toContain(`secret=${secret}`);
  const step = () => Math.floor(Date.now() / 30_000);
  const confirmed = await tom.api("PUT", "/api/v1/account/second-factor", { code: codeOf(secret, step()) });
  expect(confirmed.status).toBe(200);
  const { recoveryCodes } = confirmed.body;
  expect(recoveryCodes).toHaveLength(10);
  expect(await signIn(person(its.server), "tom")).toMatchObject({
    status: 401,
    body: { code: "SECOND_FACTOR_NEEDED" },
  });
  // The code of this step was used to confirm; the next step's is not.
  const code = codeOf(secret, step() + 1);
  const both = await Promise.all(
    [person(its.server), person(its.server)].map((one) => signIn(one, "tom", PASSWORD, code)),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  const [recovery] = recoveryCodes;
  expect((await signIn(person(its.server), "tom", PASSWORD, recovery.toUpperCase())).status).toBe(200);
  expect((await signIn(person(its.server), "tom", PASSWORD, recovery)).status).toBe(401);
  // Neither it nor a recovery code lies readable in the database.
  const kept = readdirSync(its.server.dataDir).filter((name) => name.startsWith("unstuck.db"));
  const bytes = kept.map((name) => readFileSync(join(its.server.dataDir, name), "latin1")).join("");
  expect([secret, recoveryCodes[5], PASSWORD].filter((text) => bytes.includes(text))).toEqual([]);
});

test("a token reads unless it was made for more, and is refused from the moment it is revoked", async () => {
  const reader = await withToken(its.server, its.admin, { name: "reader" });
  expect((await reader.api("GET", "/api/v1/status")).status).toBe(200);
  expect(await reader.api("POST", "/api/v1/jobs/shop/stop")).toMatchObject(NOT_ALLOWED);
  const starter = await withToken(its.server, its.admin, {
    name: "starter",
    role: null,
    grants: [{ role: "operator", on: "job:shop" }],
  });
  await starter.api("POST", "/api/v1/jobs/shop/stop");
  expect((await starter.api("GET", "/api/v1/jobs/shop/status")).status).toBe(200);
  expect(await starter.api("GET", "/api/v1/jobs/other/status")).toMatchObject(NOT_ALLOWED);
  const listed = await its.admin.api("GET", "/api/v1/tokens");
  expect(JSON.stringify(listed.body)).not.toContain(reader.secret);
  expect((await its.admin.api("DELETE", `/api/v1/tokens/${reader.id}`)).status).toBe(200);
  expect(await reader.api("GET", "/api/v1/status")).toMatchObject(SIGNED_OUT);
});

test("the last admin stays, also when two demote each other at the same moment", async () => {
  const { body } = await its.admin.api("GET", "/api/v1/users");
  const ada = body.items.find(({ name }: { name: string }) => name === "ada");
  expect(await its.admin.api("PATCH", `/api/v1/users/${ada.id}`, { role: "viewer" })).toMatchObject({
    status: 409,
    body: { code: "LAST_ADMIN" },
  });
  const eva = await newPerson(its.server, its.admin, { name: "eva", role: "admin" });
  const [one, two] = await Promise.all([
    its.admin.api("PATCH", `/api/v1/users/${eva.id}`, { role: "viewer" }),
    eva.api("PATCH", `/api/v1/users/${ada.id}`, { role: "viewer" }),
  ]);
  expect([one.status, two.status].filter((status) => status === 200)).toHaveLength(1);
  // By the owner's door, whoever it was.
  expect((await its.server.api("PATCH", `/api/v1/users/${ada.id}`, { role: "admin" })).status).toBe(200);
  await signIn(its.admin, "ada");
});

test("a page of another site can do nothing with a session", async () => {
  for (const origin of ["http://evil.example", "null", `${its.server.origin}.evil.example`]) {
    const headers = { cookie: its.admin.cookie(), origin };
    const answer = await request(its.server.origin, "POST", "/api/v1/stop-all", {}, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: "FOREIGN_ORIGIN" } });
  }
});
