import { chmodSync, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { RunAnswer } from "@/lib/contracts/run";
import { accountsCli, ended, types } from "../accounts-cli";
import { type Cli, inTerminal, unstuck } from "../cli";
import { firstAdmin } from "../people";
import { program } from "../programs";

/** Tokens from a terminal, against a dashboard that asks who you are. */

const its = accountsCli();
beforeAll(() => firstAdmin(its.server, "Ada"));

/** With that on standard input. */
async function given(input: string, called: Cli): Promise<Cli> {
  called.process.stdin?.end(input);
  await called.ended;
  return called;
}

test("a token drives the command line by the address, within what its role allows, until it is revoked", async () => {
  const body = { id: "shop", argv: program("exits-with", 0), cwd: its.server.dataDir };
  expect(await its.server.api("POST", "/api/v1/jobs", body)).toMatchObject({ status: 201 });
  const anonymous = await ended(its.away("", "status"), 77);
  expect(anonymous.err()).toBe(
    "unstuck: This dashboard asks who you are. On its own host use the socket (--data FOLDER, as its user); from elsewhere: unstuck login URL.\n",
  );
  const operator = await its.makeToken({ name: "deploy", role: "operator" });
  expect((await ended(its.away(operator.secret, "status"), 0)).out()).toMatch(/^JOB +STATE/);
  const started = await ended(its.away(operator.secret, "start", "shop", "--wait-over", "--json"), 0);
  expect(RunAnswer.parse(JSON.parse(started.out())).run).toMatchObject({
    state: "completed",
    actor: "token:deploy",
  });
  const viewer = await its.makeToken({ name: "wall" });
  expect((await ended(its.away(viewer.secret, "status"), 0)).out()).toContain("shop");
  expect((await ended(its.away(viewer.secret, "start", "shop"), 77)).err()).toContain(
    "this needs the role operator",
  );
  await ended(its.away(viewer.secret, "admin", "list"), 77);
  const admin = await its.makeToken({ name: "ansible", role: "admin" });
  expect((await ended(its.away(admin.secret, "admin", "list"), 0)).out()).toContain("Ada");
  await its.server.api("DELETE", `/api/v1/tokens/${operator.token.id}`);
  const revoked = await ended(its.away(operator.secret, "status"), 77);
  expect(revoked.err()).toMatch(/not valid.* It is the one in UNSTUCK_TOKEN\.\n$/);
  expect(revoked.err()).not.toContain(operator.secret);
});

test("on the host the address leads to the socket, unless a token says who asks", async () => {
  const place = { cwd: its.server.dataDir, env: its.env({ UNSTUCK_DATA_DIR: its.server.dataDir }) };
  const called = await ended(unstuck(its.server, ["admin", "list"], place), 0);
  expect(called.out()).toContain("Ada");
  const { secret } = await its.makeToken({ name: "only-looks" });
  const asViewer = unstuck(its.server, ["admin", "list"], {
    ...place,
    env: { ...place.env, UNSTUCK_TOKEN: secret },
  });
  await ended(asViewer, 77);
});

test("login keeps a token that is valid, for its user alone, and logout forgets it", async () => {
  const unknown = await given("unstuck_nonsense\n", its.here("login", its.server.origin, "--token-stdin"));
  expect(await unknown.ended).toMatchObject({ code: 77 });
  expect(unknown.err()).toContain("Nothing was kept.");
  const password = await given("hunter2\n", its.here("login", its.server.origin, "--token-stdin"));
  expect(await password.ended).toMatchObject({ code: 64 });
  expect(password.err()).not.toContain("hunter2");
  expect(existsSync(its.tokens())).toBe(false);
  const { secret, token } = await its.makeToken({ name: "laptop", role: "operator" });
  const login = await given(`${secret}\n`, its.here("login", `${its.server.origin}/`, "--token-stdin"));
  expect(login.out()).toBe(
    `You are token:laptop (operator) at ${its.server.origin}. The token is in ${its.tokens()}.\n`,
  );
  expect(login.err()).toBe("");
  expect(statSync(its.tokens()).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(its.tokens())).mode & 0o777).toBe(0o700);
  expect((await ended(its.away("", "status"), 0)).out()).toContain("shop");
  chmodSync(its.tokens(), 0o644);
  const refused = await ended(its.away("", "status"), 77);
  expect(refused.err()).toContain(`found 0644: other users may have read the tokens in it`);
  chmodSync(its.tokens(), 0o600);
  await its.server.api("DELETE", `/api/v1/tokens/${token.id}`);
  expect((await ended(its.away("", "status"), 77)).err()).toMatch(/Then: unstuck login URL\.\n$/);
  expect((await ended(its.here("logout", its.server.origin), 0)).out()).toContain(
    "is removed from this machine",
  );
  expect(existsSync(its.tokens())).toBe(false);
  expect((await ended(its.here("logout", its.server.origin), 0)).out()).toContain("No token is kept");
});

test("a kept token is sent to its own port alone, and not where a redirect leads", async () => {
  const { secret } = await its.makeToken({ name: "desk" });
  const login = inTerminal(its.server, `exec $UNSTUCK login ${its.server.origin}`, {
    cwd: its.server.dataDir,
    env: its.env({ TERM: "xterm", NO_COLOR: "1" }),
  });
  await types(login, `Token for ${its.server.origin}:`, secret);
  await ended(login, 0);
  expect(login.output()).not.toContain(secret);
  const seen: (string | undefined)[] = [];
  const other = await otherServer(seen, `${its.server.origin}/api/v1/status`);
  try {
    const called = unstuck(its.server, ["status", "--url", other.url], {
      cwd: its.server.dataDir,
      env: its.env(),
    });
    await ended(called, 69);
    expect(called.err()).toContain(`a redirect to ${its.server.origin}, which is not followed`);
    expect(seen).toEqual([undefined]);
  } finally {
    other.close();
  }
  await ended(its.here("logout", its.server.origin), 0);
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
