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

test("the status that is kept is answered with every job, and once for who has it already", async () => {
  const { etag, body } = (await ask(ALL)) ?? expect.fail();
  const { items } = JSON.parse(String(body)) as { items: { job: string }[] };
  expect(items.map(({ job }) => job)).toEqual(["a", "b"]);
  expect((await ask(ALL, "", etag))?.body).toBeNull();
});

test("who may see some jobs only is left to the route, which takes out what names others", async () => {
  const { etag } = (await ask(ALL)) ?? expect.fail();
  expect(await ask(ONLY_B)).toBeNull();
  expect(await ask(ONLY_B, "", etag)).toBeNull();
  expect(await ask({ role: null, grants: [] })).toBeNull();
});

test("who has not signed in, and a question that is wrong, are left to the route", async () => {
  expect(await ask(null)).toBeNull();
  expect(await answer("", null)).toBeNull();
  expect(await ask(ALL, "?limit=x")).toBeNull();
});
