// saves-when-asked.mjs FILE [SECONDS]: the Node program that saves-when-asked is in Python.
import { appendFileSync } from "node:fs";

const [file = "", seconds = "0.2"] = process.argv.slice(2);
/** @param {string} line */
const tell = (line) => appendFileSync(file, `${line}\n`);
let asked = 0;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
setInterval(() => {}, 1_000);
tell(`pid ${process.pid}`);

/** @param {string} signal */
function onSignal(signal) {
  tell(signal);
  asked += 1;
  if (asked > 1) {
    tell("twice");
    process.exit(9);
  }
  setTimeout(() => {
    tell("saved");
    process.exit(7);
  }, Number(seconds) * 1_000);
}
