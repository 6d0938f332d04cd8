import { expect, test } from "vitest";
import { ownPage } from "./own-page";

test("a page of ours is gone to, with what was asked of it", () => {
  for (const path of ["/", "/jobs", "/jobs/shop?tab=runs#log", "/runs?q=a%20b"])
    expect(ownPage(path)).toBe(path);
});

test("anything else leads to the overview", () => {
  const elsewhere = [
    undefined,
    "",
    "jobs",
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "/.//evil.example/",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/sign-in?next=/sign-in",
    "/set-up",
    "/api/v1/oidc/start",
    `/jobs?q=${"x".repeat(500)}`,
  ];
  for (const path of elsewhere) expect(ownPage(path), String(path)).toBe("/");
});
