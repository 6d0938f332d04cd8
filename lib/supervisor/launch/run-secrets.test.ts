import { expect, test } from "vitest";
import { toRunSpec } from "@/lib/domain/job";
import type { Run } from "@/lib/domain/run";
import { aJob, aRun, nextRunId } from "@/test/factories";
import { forAllUsers } from "@/test/file-access";
import type { Watched } from "../watch/watched";
import { secretsOf, valuesToHide } from "./run-secrets";

/** Only its run is looked at. */
const watching = (run: Run) => ({ run }) as unknown as Watched;

const KEY = "hunter2-and-more";
const spec = { ...toRunSpec(aJob(), [], false), parameters: { apiKey: true }, parametersSecret: ["apiKey"] };

const portsWith = (runSecrets: (run: Run["id"]) => Promise<Readonly<Record<string, string>>>) => ({
  ...{ runSecrets, secrets: async () => ({}) },
  ...{ files: forAllUsers({}), startedWith: () => undefined },
});

test("a secret parameter reaches the program as a variable, and its value is hidden in what it says last", async () => {
  const run = aRun("running", { spec });
  const ports = portsWith(async (id) => (id === run.id ? { apiKey: KEY } : {}));
  const watched = watching(run);
  // An earlier dashboard launched it: what it was given is known all the same.
  expect(await valuesToHide(ports, watched)).toEqual([KEY]);
  expect(await secretsOf(ports, watched, run)).toEqual({ UNSTUCK_PARAM_API_KEY: KEY });
  expect(await valuesToHide(ports, watched)).toEqual([KEY]);
});

test("a value that is not there any more fails the launch in words", async () => {
  const run = aRun("starting", { spec });
  await expect(
    secretsOf(
      portsWith(async () => ({})),
      watching(run),
      run,
    ),
  ).rejects.toThrow("the value of apiKey is not in the database any more; start it again and give it");
});

test("a run made of the processes of another hides what that one was given", async () => {
  const before = nextRunId();
  const adopted = { run: before, marker: "m" };
  const run = aRun("running", { spec: { ...toRunSpec(aJob(), [], false), parameters: null, adopted } });
  const ports = portsWith(async (id) => (id === before ? { apiKey: KEY } : {}));
  expect(await valuesToHide(ports, watching(run))).toEqual([KEY]);
});
