import { expect, test } from "vitest";
import type { Files } from "@/lib/domain/files";
import { toRunSpec } from "@/lib/domain/job";
import { aJob, aRun } from "@/test/factories";
import { forAllUsers } from "@/test/file-access";
import { temporaryFolder } from "@/test/folders";
import { supervisorPorts } from "@/test/supervisor-ports";
import { until } from "@/test/until";
import type { Watched, Watchlist } from "../watch/watched";
import { checkpointLooker } from "./look-at-checkpoints";

test("a user whose files do not answer holds up the looks at that user's checkpoints, and at no other's", async () => {
  const asked = { held: 0, other: 0 };
  const filesOf = (user: keyof typeof asked): Files =>
    ({
      survey: () => {
        asked[user] += 1;
        return user === "held" ? new Promise(() => undefined) : Promise.resolve([null]);
      },
      walk: () => Promise.reject(new Error("It has no folder.")),
    }) as Partial<Files> as Files;
  const files = {
    ...forAllUsers({}),
    as: (user: string | null) => filesOf(user === "held" ? "held" : "other"),
  };
  const watching = (runAs: string): Watched => {
    const spec = { ...toRunSpec(aJob({ checkpoint: "state.json" }), [], false), runAs };
    return { run: aRun("running", { spec }), startedAt: performance.now() } as Watched;
  };
  const list = new Map(["held", "other"].map((user) => [user, watching(user)])) as Map<string, Watched>;
  const look = checkpointLooker({
    ports: supervisorPorts(temporaryFolder(), {} as never, { files }),
    list: list as unknown as Watchlist,
    life: { soon: () => undefined, save: async () => undefined, stop: () => undefined },
    abort: new AbortController().signal,
  });
  await until("the other was looked at three times", () => {
    look();
    return asked.other >= 3;
  });
  expect(asked.held).toBe(1);
});
