import { expect } from "vitest";
import { type Answer, type ApiAnswer, request, type TestServer } from "./server";

/** Someone with a browser: it keeps the session's cookie, and says which page asks. */
export type Person = {
  readonly api: (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;
  /** As the browser would send it; "" when there is none. */
  cookie(): string;
  /** The same cookie in another browser. */
  copied(): Person;
};

export const PASSWORD = "correct horse battery";

export function person(server: Pick<TestServer, "origin">, cookie = ""): Person {
  let kept = cookie;
  const api = async (method: string, path: string, body?: unknown) => {
    const headers = { origin: server.origin, ...(kept === "" ? {} : { cookie: kept }) };
    const answer = await request(server.origin, method, path, body, headers);
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      kept = /; Max-Age=0(;|$)/.test(line) ? "" : pair;
    }
    return answer;
  };
  return { api, cookie: () => kept, copied: () => person(server, kept) };
}

/** The one-time code that the server has printed. */
export function setUpCode(server: Pick<TestServer, "output">): string {
  return /\/set-up#([\w-]{43})/.exec(server.output())?.[1] ?? expect.fail("no set-up link was printed");
}

/** Makes the first admin. */
export async function firstAdmin(server: TestServer, name = "ada"): Promise<Person> {
  const admin = person(server);
  const answer = await admin.api("POST", "/api/v1/set-up", {
    code: setUpCode(server),
    name,
    password: PASSWORD,
  });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return admin;
}

/** A user who has signed in and has chosen a password. */
export async function newPerson(
  server: TestServer,
  admin: Person,
  user: { readonly name: string; readonly role?: string | null; readonly grants?: readonly unknown[] },
): Promise<Person & { readonly id: string }> {
  const made = await admin.api("POST", "/api/v1/users", { role: null, ...user });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  const { password } = made.body;
  const one = person(server);
  expect((await signIn(one, user.name, password)).status).toBe(200);
  const change = { current: password, next: PASSWORD };
  expect((await one.api("PUT", "/api/v1/account/password", change)).status).toBe(204);
  return { ...one, id: made.body.user.id };
}

export function signIn(one: Person, name: string, password = PASSWORD, code?: string): Promise<ApiAnswer> {
  return one.api("POST", "/api/v1/session", { name, password, ...(code === undefined ? {} : { code }) });
}

/** A program with a token. */
export async function withToken(
  server: TestServer,
  admin: Person,
  token: Readonly<Record<string, unknown>>,
): Promise<{ readonly api: Person["api"]; readonly id: string; readonly secret: string }> {
  const made = await admin.api("POST", "/api/v1/tokens", token);
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  const { secret }: Answer = made.body;
  const api: Person["api"] = (method, path, body) =>
    request(server.origin, method, path, body, { authorization: `Bearer ${secret}` });
  return { api, id: made.body.token.id, secret };
}
