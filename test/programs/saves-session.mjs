// saves-session.mjs FILE CHROMIUM: opens a browser, and saves its session in a handler of its own when it is asked to end.
import { appendFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const [file = "", executablePath = ""] = process.argv.slice(2);
const own = { handleSIGTERM: false, handleSIGINT: false, handleSIGHUP: false };
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], ...own });
const context = await browser.newContext();
await context.addCookies([{ name: "session", value: "kept", domain: "shop.example", path: "/" }]);
await context.newPage();
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void save());
appendFileSync(file, "ready\n");
setInterval(() => {}, 1_000);

async function save() {
  try {
    await new Promise((done) => setTimeout(done, 300));
    const { cookies } = await context.storageState();
    appendFileSync(file, `saved ${cookies[0]?.value}\n`);
    await browser.close();
    process.exit(0);
  } catch (error) {
    appendFileSync(file, `lost ${error}\n`);
    process.exit(4);
  }
}
