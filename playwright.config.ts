import { defineConfig, devices } from "@playwright/test";

const executablePath = process.env.CHROMIUM;
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: "e2e",
  // One server and one data folder per worker would fit on a bigger machine; two cores are busy with one.
  workers: 1,
  timeout: 400_000,
  expect: { timeout: 60_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: "list",
  outputDir: "test-results",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 800 },
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        ...(asRoot ? ["--no-sandbox"] : []),
      ],
    },
  },
});
