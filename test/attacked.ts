import { afterAll, beforeAll, expect } from "vitest";
import { firstAdmin, newPerson, type Person, withToken } from "./people";
import { program } from "./programs";
import { type Answer, cleanUp, startServer, type TestServer } from "./server";

/**
 * What someone tries who has no business here. Every case has to end outside: with a refusal, and with nothing told or changed. Paths, methods
 * and roles come from the table of rules itself, so that a new route is attacked from its first day on.
 */
export type Attacked = {
  readonly server: TestServer;
  readonly admin: Person;
  readonly viewer: Person;
  readonly operator: Person;
  /** With a role for the job `mine` alone. */
  readonly part: Person;
  /** Of each parameter of a path, something that is there and none of their business. */
  readonly ids: Readonly<Record<string, string>>;
  /** What nobody of these may have changed. */
  untouched(): Promise<void>;
};

/** As 43 characters, like a real one. */
export const FAKE = "A".repeat(43);

/** One dashboard for all tests of a file, which calls this once. What it answers is read inside tests alone. */
export function attacked(): Attacked {
  const its = { untouched: () => untouched(its.admin) } as {
    -readonly [Key in keyof Attacked]: Attacked[Key];
  };
  beforeAll(async () => {
    its.server = await startServer({ env: { UNSTUCK_AUTH: "" } });
    its.admin = await firstAdmin(its.server);
    its.viewer = await newPerson(its.server, its.admin, { name: "vera", role: "viewer" });
    its.operator = await newPerson(its.server, its.admin, { name: "otto", role: "operator" });
    its.part = await newPerson(its.server, its.admin, {
      name: "part",
      grants: [{ role: "operator", on: "job:mine" }],
    });
    const job = { argv: program("exits-with", 0), cwd: its.server.dataDir };
    for (const id of ["mine", "theirs"])
      expect((await its.admin.api("POST", "/api/v1/jobs", { ...job, id })).status).toBe(201);
    const { body } = await its.admin.api("POST", "/api/v1/jobs/theirs/start");
    const { body: users } = await its.admin.api("GET", "/api/v1/users");
    const token = await withToken(its.server, its.admin, { name: "theirs", role: "admin" });
    const { body: sessions } = await its.admin.api("GET", "/api/v1/account/sessions");
    its.ids = {
      job: "theirs",
      run: body.run.id,
      user: users.items.find(({ name }: Answer) => name === "ada").id,
      token: token.id,
      session: sessions.items[0].id,
      plan: "plan_00000000000000000000",
      alert: "alert_00000000000000000000",
      stray: "1-1",
      name: "worker",
    };
  });
  afterAll(cleanUp);
  return its;
}

async function untouched(admin: Person): Promise<void> {
  const [{ body: users }, { body: jobs }, { body: tokens }] = await Promise.all([
    admin.api("GET", "/api/v1/users"),
    admin.api("GET", "/api/v1/jobs"),
    admin.api("GET", "/api/v1/tokens"),
  ]);
  expect(users.items.map(({ name, role }: Answer) => `${name} ${role}`)).toEqual([
    "ada admin",
    "otto operator",
    "part null",
    "vera viewer",
  ]);
  expect(jobs.items.map(({ id, version }: Answer) => `${id} ${version}`)).toEqual(["mine 1", "theirs 1"]);
  expect(tokens.items.map(({ name, state }: Answer) => `${name} ${state}`)).toEqual(["theirs active"]);
}
