import { expect, it } from "vitest";
import { NEW_ROW } from "./env-rows";
import { readJobForm } from "./job-form";
import { EMPTY_JOB, type JobFormValues } from "./job-form-values";
import { NEW_PARAMETER } from "./parameter-rows";

/** Another value for each field than the one it begins with; typed so that a new field cannot be forgotten. */
const CHANGED: JobFormValues = {
  id: "weekly",
  title: "Weekly",
  kind: "scrapy",
  command: "scrapy crawl news",
  runAs: "scraper",
  cwd: "/srv",
  env: [{ ...NEW_ROW, name: "REGION", value: "eu" }],
  parameters: [{ ...NEW_PARAMETER, name: "shop" }],
  checkpoint: "state.json",
  pidFile: "/run/shop.pid",
  startMs: "2 min",
  silenceMs: "20 min",
  maxDurationMs: "1 d",
  stopGraceMs: "30 s",
  signalsTo: "tree",
  signals: [{ signal: "SIGINT", wait: "5 s" }],
  onSilence: "flag",
  locks: "shop",
  tags: "retail",
  priority: "5",
  memoryBytes: "512 MB",
  openFiles: "100",
  nice: "5",
  logCapBytes: "1 GB",
  envFrom: "FROM_FILE=file:/run/secrets/a\nFROM_ENV=env:B",
  logVia: "pipe",
  logEncoding: "latin1",
  privateLog: true,
  resumeAfterShutdown: true,
  autoRecover: true,
  stuckAfterMs: "2 d",
  allowShort: true,
  onStuck: "clean",
  enabled: false,
};

// The tick alone says nothing: it goes with a threshold that needs it.
const fields = (Object.keys(CHANGED) as (keyof JobFormValues)[]).filter((name) => name !== "allowShort");

const filled = { ...EMPTY_JOB, id: "nightly", command: "scrapy crawl shop" };

it.each(fields)("the form's field %s reaches what is sent", (name) => {
  const before = readJobForm(filled);
  const after = readJobForm({ ...filled, [name]: CHANGED[name] });
  if (!before.ok || !after.ok) throw new Error("The form was refused.");
  expect(after.body).not.toEqual(before.body);
});
