import { defineConfig, devices } from "@playwright/test";

const executablePath = process.env.CHROMIUM;
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  // Each test has a server and a data folder of its own, so tests of one file need not wait for each other either.
  workers: 2,
  fullyParallel: true,
  timeout: 400_000,
  expect: { timeout: 60_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: "list",
  outputDir: "test-results",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 800 },
    // A trace pictures every change, which takes half as long again: `TRACE=1 npm run test:e2e` keeps those of tests that fail.
    trace: process.env.TRACE === "1" ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Without a graphics card it emulates one, which takes a third of a core as long as a page is open.
        "--disable-gpu",
        ...(asRoot ? ["--no-sandbox"] : []),
      ],
    },
  },
});
