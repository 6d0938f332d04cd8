import { expect, it } from "vitest";
import type { AccessView } from "@/lib/client/access-draft";
import { accessSentences } from "./access-words";

const titleOf = (job: string) => (job === "nightly" ? "Nightly prices" : job);
const inWords = (access: AccessView, named?: number) => accessSentences(access, titleOf, named);

it("says what a role may do everywhere", () => {
  expect(inWords({ role: "admin", grants: [] })).toBe("May do everything.");
  expect(inWords({ role: "operator", grants: [] })).toBe("Starts and stops all jobs.");
  expect(inWords({ role: "viewer", grants: [] })).toBe("Sees all jobs.");
  expect(inWords({ role: null, grants: [] })).toBe("Nothing.");
});

it("names jobs by their titles and tags as tags, what may be started first", () => {
  const grants = [
    { role: "viewer", on: "job:other" },
    { role: "operator", on: "job:nightly" },
    { role: "operator", on: "tag:shop:eu" },
  ] as const;
  expect(inWords({ role: null, grants })).toBe(
    "Starts and stops Nightly prices and jobs tagged shop:eu. Sees other.",
  );
  expect(inWords({ role: "viewer", grants: grants.slice(1) })).toBe(
    "Sees all jobs. Starts and stops Nightly prices and jobs tagged shop:eu.",
  );
});

it("names the first few and counts the rest", () => {
  const grants = ["a", "b", "c", "d", "e"].map((job) => ({ role: "viewer" as const, on: `job:${job}` }));
  expect(inWords({ role: null, grants })).toBe("Sees a, b, c and 2 more.");
  expect(inWords({ role: null, grants }, 9)).toBe("Sees a, b, c, d and e.");
});
