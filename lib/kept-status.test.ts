import { expect, test } from "vitest";
import { aBoard } from "@/test/a-board";
import { aContext } from "@/test/a-context";
import { anIdentity } from "@/test/accounts";
import { aJob, jobId } from "@/test/factories";
import { askedBy } from "./asking";
import type { Access } from "./domain/access";
import { statusAnswers } from "./kept-status";

const answer = statusAnswers(aBoard(aContext({ jobs: ["a", "b"].map((id) => aJob({ id: jobId(id) })) })));
const by = (access: Access | null) => ({
  who: access === null ? null : anIdentity({ access }),
  client: { address: null, secure: false },
});
const ALL: Access = { role: "viewer", grants: [] };
const ONLY_B: Access = { role: null, grants: [{ role: "viewer", on: "job:b" }] };
const ask = (access: Access | null, search = "", ifNoneMatch: string | null = null) =>
  askedBy(by(access), () => answer(search, ifNoneMatch));
const jobsOf = async (access: Access) => {
  const { body } = (await ask(access)) ?? expect.fail();
  return (JSON.parse(String(body)) as { items: { job: string }[] }).items.map(({ job }) => job);
};

test("the status that is kept is answered with the jobs that who asks may see", async () => {
  expect(await jobsOf(ALL)).toEqual(["a", "b"]);
  expect(await jobsOf(ONLY_B)).toEqual(["b"]);
  expect(await jobsOf({ role: null, grants: [] })).toEqual([]);
});

test("no one gets anything by the tag of another's answer", async () => {
  const { etag } = (await ask(ALL)) ?? expect.fail();
  expect((await ask(ALL, "", etag))?.body).toBeNull();
  expect((await ask(ONLY_B, "", etag))?.body).not.toBeNull();
});

test("who has not signed in, and a question that is wrong, are left to the route", async () => {
  expect(await ask(null)).toBeNull();
  expect(await answer("", null)).toBeNull();
  expect(await ask(ALL, "?limit=x")).toBeNull();
});
