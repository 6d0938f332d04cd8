import { expect, test } from "vitest";
import { aContext } from "@/test/a-context";
import { aJob, jobId } from "@/test/factories";
import { listJobs } from "./list-jobs";

const ids = ["c", "a", "b"].map((id) => aJob({ id: jobId(id) }));

test("jobs are listed by id in pages, and the last page says that it is the last", async () => {
  const ctx = aContext({ jobs: ids });
  const first = await listJobs(ctx, { limit: 2 });
  expect(first.items.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(first.nextCursor).toBe("b");
  const last = await listJobs(ctx, { limit: 2, cursor: "b" });
  expect(last.items.map(({ id }) => id)).toEqual(["c"]);
  expect(last.nextCursor).toBeNull();
  expect((await listJobs(ctx, { limit: 3 })).nextCursor).toBeNull();
});
