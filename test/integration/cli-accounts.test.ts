import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf } from "@/lib/auth/totp";
import { UserCreated, UserList } from "@/lib/contracts/account";
import { type CreateTokenBody, TokenCreated } from "@/lib/contracts/api-token";
import { RunAnswer } from "@/lib/contracts/run";
import { type Cli, inTerminal, unstuck } from "../cli";
import { PASSWORD, type Person, person, signIn } from "../people";
import { program } from "../programs";
import { cleanUp, startServer, type TestServer } from "../server";
import { until } from "../until";

/** Users and tokens from a terminal, against a dashboard that asks who you are. */

let server: TestServer;
/** Where this test's command line keeps its tokens, not the one of the person who runs it. */
let config = "";

beforeAll(async () => {
  server = await startServer({ env: { UNSTUCK_AUTH: "" } });
  config = mkdtempSync(join(tmpdir(), "unstuck-config-"));
});
afterAll(async () => {
  rmSync(config, { recursive: true, force: true });
  await cleanUp();
});

const env = (more: Record<string, string> = {}) => ({ XDG_CONFIG_HOME: config, UNSTUCK_TOKEN: "", ...more });
const tokens = () => join(config, "unstuck/tokens.json");

/** On the host, by the data folder and so by the socket. */
const here = (...args: string[]) =>
  unstuck({ socketOf: server.dataDir }, args, { cwd: server.dataDir, env: env() });

/** By the address, as from elsewhere. */
const away = (token: string, ...args: string[]) =>
  unstuck(server, [...args, "--url", server.origin], {
    cwd: server.dataDir,
    env: env({ UNSTUCK_TOKEN: token }),
  });

async function ended(called: Cli, code: number): Promise<Cli> {
  const { code: found } = await called.ended;
  expect(found, called.output()).toBe(code);
  return called;
}

const printed = async (...args: string[]) => (await ended(here(...args), 0)).out();

/** With that on standard input. */
async function given(input: string, called: Cli): Promise<Cli> {
  called.process.stdin?.end(input);
  await called.ended;
  return called;
}

async function makeToken(body: CreateTokenBody) {
  return TokenCreated.parse((await server.api("POST", "/api/v1/tokens", body)).body);
}

const canSignIn = async (name: string, password: string) =>
  (await signIn(person(server), name, password)).status === 200;

const isSignedIn = async (one: Person) => (await one.api("GET", "/api/v1/account")).status === 200;

/** What of its output was answered already: the same question may come again. */
const answered = new Map<Cli, number>();

/** Waits for the question, then types. */
async function types(called: Cli, question: string, answer: string): Promise<void> {
  const shown = () => stripVTControlCharacters(called.output().slice(answered.get(called) ?? 0));
  await until(
    () => `it asks ${question}; it said ${called.output()}`,
    // A question that was answered stands there without that.
    () => shown().includes(`${question} [input is masked]`),
  );
  answered.set(called, called.output().length);
  called.type(answer === CTRL_C ? answer : `${answer}\r`);
}

const CTRL_C = "\x03";

test("on the host the set-up link is printed again, and the first admin made, without any page", async () => {
  const code = readFileSync(join(server.dataDir, "_set-up-code"), "utf8").trim();
  expect(await printed("admin", "set-up")).toBe(`${server.origin}/set-up#${code}\n`);
  expect(await printed("admin", "list")).toContain("There are no users yet.");
  const elsewhere = await ended(away("", "admin", "set-up"), 64);
  expect(elsewhere.err()).toContain("On its host, as its user: unstuck admin set-up --data FOLDER");
  const made = await printed("admin", "create", "Ada");
  const [, password = ""] =
    /^Created Ada \(admin\)\.\nPassword: (\S+)\nIt is shown only this once\.\n/.exec(made) ?? [];
  expect(await canSignIn("Ada", password)).toBe(true);
  const done = await ended(here("admin", "set-up"), 70);
  expect(done.err()).toContain("There are users already");
  expect(done.err()).not.toContain(code);
});

test("users are created for everything or for some jobs, and listed", async () => {
  const job = await ended(
    here("admin", "create", "bo", "--grant", "operator:tag:shop", "--grant", "viewer:job:nightly", "--json"),
    0,
  );
  const { user, password } = UserCreated.parse(JSON.parse(job.out()));
  expect(user).toMatchObject({ name: "bo", role: null });
  expect(password).toMatch(/.{16}/);
  await ended(here("admin", "create", "cy", "--role", "viewer"), 0);
  const list = await printed("admin", "list");
  expect(list).toMatch(/^NAME +2ND FACTOR +LAST SIGN-IN +STATE +ROLE\n/);
  expect(list).toMatch(/Ada +no +(just now|\d+ s ago) +temporary password +admin\n/);
  expect(list).toMatch(/bo +no +never +temporary password +\S/);
  expect(list).toMatch(/cy +no +never +temporary password +viewer\n/);
  expect(Math.max(...list.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const json = UserList.parse(JSON.parse(await printed("admin", "list", "--json")));
  expect(json.items.map(({ name }) => name).toSorted()).toEqual(["Ada", "bo", "cy"]);
  expect((await ended(here("__complete", "admin", "reset-password", "b"), 0)).out()).toBe("bo\t\n");
});

test("what cannot be meant is refused, and nothing is printed on standard output", async () => {
  const CASES: readonly (readonly [number, RegExp, string[]])[] = [
    [64, /list +every user/, ["admin"]],
    [64, /unknown command 'fly'/, ["admin", "fly"]],
    [64, /missing required argument 'name'/, ["admin", "create"]],
    [64, /Allowed choices are admin, operator, viewer/, ["admin", "create", "dan", "--role", "king"]],
    [64, /such as operator:tag:shop/, ["admin", "create", "dan", "--grant", "shop"]],
    [64, /name/, ["admin", "create", "d d"]],
    [70, /There is a user Ada already/, ["admin", "create", "Ada"]],
    [66, /There is no user "dan"\. unstuck admin list/, ["admin", "reset-password", "dan"]],
    [64, /Cannot ask for the token here.*--token-stdin/, ["login", server.origin]],
    [64, /Expected the dashboard's URL/, ["logout", "localhost"]],
  ];
  for (const [code, says, args] of CASES) {
    const called = await ended(here(...args), code);
    expect(called.err()).toMatch(says);
    expect(called.out()).toBe("");
  }
});

test("a password that is typed is not shown, asked for twice, and again when the two differ", async () => {
  const called = inTerminal({ socketOf: server.dataDir }, "exec $UNSTUCK admin create eve", {
    cwd: server.dataDir,
    env: env({ TERM: "xterm", NO_COLOR: "1" }),
  });
  await types(called, "Password for eve:", "correct horse battery");
  await types(called, "The same again:", "correct horse");
  await types(called, "Password for eve:", "correct horse battery");
  await types(called, "The same again:", "correct horse battery");
  await ended(called, 0);
  expect(called.output()).toContain("The two differ. Type both again.");
  expect(called.output()).toContain("Created eve (admin).");
  expect(called.output()).not.toContain("correct");
  expect(await canSignIn("eve", "correct horse battery")).toBe(true);
  const aborted = inTerminal({ socketOf: server.dataDir }, "exec $UNSTUCK admin create frank", {
    cwd: server.dataDir,
    env: env({ TERM: "xterm", NO_COLOR: "1" }),
  });
  await types(aborted, "Password for frank:", CTRL_C);
  await ended(aborted, 130);
  expect(await printed("admin", "list")).not.toContain("frank");
});

test("a reset password replaces the old one and ends the sessions", async () => {
  const created = await given("first password 1\n", here("admin", "create", "gil", "--password-stdin"));
  expect(created.out()).not.toContain("first password");
  const gil = person(server);
  expect((await signIn(gil, "gil", "first password 1")).status).toBe(200);
  const weak = await given("short", here("admin", "reset-password", "gil", "--password-stdin"));
  expect(await weak.ended).toMatchObject({ code: 64 });
  expect(await isSignedIn(gil)).toBe(true);
  const reset = await given("second password 2", here("admin", "reset-password", "GIL", "--password-stdin"));
  expect(reset.out()).toContain("gil has a new password, and all sessions of gil have ended.");
  expect(await isSignedIn(gil)).toBe(false);
  expect(await canSignIn("gil", "first password 1")).toBe(false);
  expect(await canSignIn("gil", "second password 2")).toBe(true);
});

test("a second factor stays unless it is removed too", async () => {
  await given("first password 1", here("admin", "create", "hal", "--password-stdin"));
  const hal = person(server);
  await signIn(hal, "hal", "first password 1");
  await hal.api("PUT", "/api/v1/account/password", { current: "first password 1", next: PASSWORD });
  const { body } = await hal.api("POST", "/api/v1/account/second-factor", { password: PASSWORD });
  const code = codeOf(body.secret, Math.floor(Date.now() / 30_000));
  expect((await hal.api("PUT", "/api/v1/account/second-factor", { code })).status).toBe(200);
  const kept = await printed("admin", "reset-password", "hal");
  expect(kept).toMatch(/Password: \S+\n/);
  expect(await printed("admin", "list")).toMatch(/hal +yes/);
  const args = ["admin", "reset-password", "hal", "--remove-second-factor"];
  const answer = UserCreated.parse(JSON.parse(await printed(...args, "--json")));
  expect(answer.user).toMatchObject({ name: "hal", secondFactor: false });
  expect(await canSignIn("hal", answer.password ?? "")).toBe(true);
  expect(await printed(...args)).toContain("hal had no second factor.");
});

test("a token drives the command line by the address, within what its role allows, until it is revoked", async () => {
  const body = { id: "shop", argv: program("exits-with", 0), cwd: server.dataDir };
  expect(await server.api("POST", "/api/v1/jobs", body)).toMatchObject({ status: 201 });
  const anonymous = await ended(away("", "status"), 77);
  expect(anonymous.err()).toBe(
    "unstuck: This dashboard asks who you are. On its own host use the socket (--data FOLDER, as its user); from elsewhere: unstuck login URL.\n",
  );
  const operator = await makeToken({ name: "deploy", role: "operator" });
  expect((await ended(away(operator.secret, "status"), 0)).out()).toMatch(/^JOB +STATE/);
  const started = await ended(away(operator.secret, "start", "shop", "--wait-over", "--json"), 0);
  expect(RunAnswer.parse(JSON.parse(started.out())).run).toMatchObject({
    state: "completed",
    actor: "token:deploy",
  });
  const viewer = await makeToken({ name: "wall" });
  expect((await ended(away(viewer.secret, "status"), 0)).out()).toContain("shop");
  expect((await ended(away(viewer.secret, "start", "shop"), 77)).err()).toContain(
    "this needs the role operator",
  );
  await ended(away(viewer.secret, "admin", "list"), 77);
  const admin = await makeToken({ name: "ansible", role: "admin" });
  expect((await ended(away(admin.secret, "admin", "list"), 0)).out()).toContain("Ada");
  await server.api("DELETE", `/api/v1/tokens/${operator.token.id}`);
  const revoked = await ended(away(operator.secret, "status"), 77);
  expect(revoked.err()).toMatch(/not valid.* It is the one in UNSTUCK_TOKEN\.\n$/);
  expect(revoked.err()).not.toContain(operator.secret);
});

test("on the host the address leads to the socket, unless a token says who asks", async () => {
  const place = { cwd: server.dataDir, env: env({ UNSTUCK_DATA_DIR: server.dataDir }) };
  const called = await ended(unstuck(server, ["admin", "list"], place), 0);
  expect(called.out()).toContain("Ada");
  const { secret } = await makeToken({ name: "only-looks" });
  const asViewer = unstuck(server, ["admin", "list"], {
    ...place,
    env: { ...place.env, UNSTUCK_TOKEN: secret },
  });
  await ended(asViewer, 77);
});

test("login keeps a token that is valid, for its user alone, and logout forgets it", async () => {
  const unknown = await given("unstuck_nonsense\n", here("login", server.origin, "--token-stdin"));
  expect(await unknown.ended).toMatchObject({ code: 77 });
  expect(unknown.err()).toContain("Nothing was kept.");
  const password = await given("hunter2\n", here("login", server.origin, "--token-stdin"));
  expect(await password.ended).toMatchObject({ code: 64 });
  expect(password.err()).not.toContain("hunter2");
  expect(existsSync(tokens())).toBe(false);
  const { secret, token } = await makeToken({ name: "laptop", role: "operator" });
  const login = await given(`${secret}\n`, here("login", `${server.origin}/`, "--token-stdin"));
  expect(login.out()).toBe(
    `You are token:laptop (operator) at ${server.origin}. The token is in ${tokens()}.\n`,
  );
  expect(login.err()).toBe("");
  expect(statSync(tokens()).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(tokens())).mode & 0o777).toBe(0o700);
  expect((await ended(away("", "status"), 0)).out()).toContain("shop");
  chmodSync(tokens(), 0o644);
  const refused = await ended(away("", "status"), 77);
  expect(refused.err()).toContain(`found 0644: other users may have read the tokens in it`);
  chmodSync(tokens(), 0o600);
  await server.api("DELETE", `/api/v1/tokens/${token.id}`);
  expect((await ended(away("", "status"), 77)).err()).toMatch(/Then: unstuck login URL\.\n$/);
  expect((await ended(here("logout", server.origin), 0)).out()).toContain("is removed from this machine");
  expect(existsSync(tokens())).toBe(false);
  expect((await ended(here("logout", server.origin), 0)).out()).toContain("No token is kept");
});

test("a kept token is sent to its own port alone, and not where a redirect leads", async () => {
  const { secret } = await makeToken({ name: "desk" });
  const login = inTerminal(server, `exec $UNSTUCK login ${server.origin}`, {
    cwd: server.dataDir,
    env: env({ TERM: "xterm", NO_COLOR: "1" }),
  });
  await types(login, `Token for ${server.origin}:`, secret);
  await ended(login, 0);
  expect(login.output()).not.toContain(secret);
  const seen: (string | undefined)[] = [];
  const other = await otherServer(seen, `${server.origin}/api/v1/status`);
  try {
    const called = unstuck(server, ["status", "--url", other.url], { cwd: server.dataDir, env: env() });
    await ended(called, 69);
    expect(called.err()).toContain(`a redirect to ${server.origin}, which is not followed`);
    expect(seen).toEqual([undefined]);
  } finally {
    other.close();
  }
  await ended(here("logout", server.origin), 0);
});

/** Sends everyone on. */
async function otherServer(seen: (string | undefined)[], location: string) {
  const found: Server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(307, { location, connection: "close" }).end();
  });
  await new Promise<void>((resolve) => found.listen(0, "127.0.0.1", resolve));
  const address = found.address();
  if (typeof address !== "object" || address === null) throw new Error("It does not listen.");
  return { url: `http://127.0.0.1:${address.port}`, close: () => found.close() };
}
