import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeOf } from "@/lib/auth/totp";
import { UserCreated, UserList } from "@/lib/contracts/account";
import { accountsCli, CTRL_C, ended, types } from "../accounts-cli";
import { type Cli, inTerminal } from "../cli";
import { PASSWORD, type Person, person, signIn } from "../people";

/** Users from a terminal, against a dashboard that asks who you are. */

const its = accountsCli();

/** With that on standard input. */
async function given(input: string, called: Cli): Promise<Cli> {
  called.process.stdin?.end(input);
  await called.ended;
  return called;
}

const canSignIn = async (name: string, password: string) =>
  (await signIn(person(its.server), name, password)).status === 200;

const isSignedIn = async (one: Person) => (await one.api("GET", "/api/v1/account")).status === 200;

test("on the host the set-up link is printed again, and the first admin made, without any page", async () => {
  const code = readFileSync(join(its.server.dataDir, "_set-up-code"), "utf8").trim();
  expect(await its.printed("admin", "set-up")).toBe(`${its.server.origin}/set-up#${code}\n`);
  expect(await its.printed("admin", "list")).toContain("There are no users yet.");
  const elsewhere = await ended(its.away("", "admin", "set-up"), 64);
  expect(elsewhere.err()).toContain("On its host, as its user: unstuck admin set-up --data FOLDER");
  const made = await its.printed("admin", "create", "Ada");
  const [, password = ""] =
    /^Created Ada \(admin\)\.\nPassword: (\S+)\nIt is shown only this once\.\n/.exec(made) ?? [];
  expect(await canSignIn("Ada", password)).toBe(true);
  const done = await ended(its.here("admin", "set-up"), 70);
  expect(done.err()).toContain("There are users already");
  expect(done.err()).not.toContain(code);
});

test("users are created for everything or for some jobs, and listed", async () => {
  const job = await ended(
    its.here(
      "admin",
      "create",
      "bo",
      "--grant",
      "operator:tag:shop",
      "--grant",
      "viewer:job:nightly",
      "--json",
    ),
    0,
  );
  const { user, password } = UserCreated.parse(JSON.parse(job.out()));
  expect(user).toMatchObject({ name: "bo", role: null });
  expect(password).toMatch(/.{16}/);
  await ended(its.here("admin", "create", "cy", "--role", "viewer"), 0);
  const list = await its.printed("admin", "list");
  expect(list).toMatch(/^NAME +2ND FACTOR +LAST SIGN-IN +STATE +ROLE\n/);
  expect(list).toMatch(/Ada +no +(just now|\d+ s ago) +temporary password +admin\n/);
  expect(list).toMatch(/bo +no +never +temporary password +\S/);
  expect(list).toMatch(/cy +no +never +temporary password +viewer\n/);
  expect(Math.max(...list.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const json = UserList.parse(JSON.parse(await its.printed("admin", "list", "--json")));
  expect(json.items.map(({ name }) => name).toSorted()).toEqual(["Ada", "bo", "cy"]);
  expect((await ended(its.here("__complete", "admin", "reset-password", "b"), 0)).out()).toBe("bo\t\n");
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
    [64, /Cannot ask for the token here.*--token-stdin/, ["login", its.server.origin]],
    [64, /Expected the dashboard's URL/, ["logout", "localhost"]],
  ];
  for (const [code, says, args] of CASES) {
    const called = await ended(its.here(...args), code);
    expect(called.err()).toMatch(says);
    expect(called.out()).toBe("");
  }
});

test("a password that is typed is not shown, asked for twice, and again when the two differ", async () => {
  const called = inTerminal({ socketOf: its.server.dataDir }, "exec $UNSTUCK admin create eve", {
    cwd: its.server.dataDir,
    env: its.env({ TERM: "xterm", NO_COLOR: "1" }),
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
  const aborted = inTerminal({ socketOf: its.server.dataDir }, "exec $UNSTUCK admin create frank", {
    cwd: its.server.dataDir,
    env: its.env({ TERM: "xterm", NO_COLOR: "1" }),
  });
  await types(aborted, "Password for frank:", CTRL_C);
  await ended(aborted, 130);
  expect(await its.printed("admin", "list")).not.toContain("frank");
});

test("a reset password replaces the old one and ends the sessions", async () => {
  const created = await given("first password 1\n", its.here("admin", "create", "gil", "--password-stdin"));
  expect(created.out()).not.toContain("first password");
  const gil = person(its.server);
  expect((await signIn(gil, "gil", "first password 1")).status).toBe(200);
  const weak = await given("short", its.here("admin", "reset-password", "gil", "--password-stdin"));
  expect(await weak.ended).toMatchObject({ code: 64 });
  expect(await isSignedIn(gil)).toBe(true);
  const reset = await given(
    "second password 2",
    its.here("admin", "reset-password", "GIL", "--password-stdin"),
  );
  expect(reset.out()).toContain("gil has a new password, and all sessions of gil have ended.");
  expect(await isSignedIn(gil)).toBe(false);
  expect(await canSignIn("gil", "first password 1")).toBe(false);
  expect(await canSignIn("gil", "second password 2")).toBe(true);
});

test("a second factor stays unless it is removed too", async () => {
  await given("first password 1", its.here("admin", "create", "hal", "--password-stdin"));
  const hal = person(its.server);
  await signIn(hal, "hal", "first password 1");
  await hal.api("PUT", "/api/v1/account/password", { current: "first password 1", next: PASSWORD });
  const { body } = await hal.api("POST", "/api/v1/account/second-factor", { password: PASSWORD });
  const code = codeOf(body.secret, Math.floor(Date.now() / 30_000));
  expect((await hal.api("PUT", "/api/v1/account/second-factor", { code })).status).toBe(200);
  const kept = await its.printed("admin", "reset-password", "hal");
  expect(kept).toMatch(/Password: \S+\n/);
  expect(await its.printed("admin", "list")).toMatch(/hal +yes/);
  const args = ["admin", "reset-password", "hal", "--remove-second-factor"];
  const answer = UserCreated.parse(JSON.parse(await its.printed(...args, "--json")));
  expect(answer.user).toMatchObject({ name: "hal", secondFactor: false });
  expect(await canSignIn("hal", answer.password ?? "")).toBe(true);
  expect(await its.printed(...args)).toContain("hal had no second factor.");
});
