import { linuxProcesses } from "./linux";
import type { Processes } from "./processes";
import { psProcesses } from "./ps";
import { sharedProcesses } from "./shared";

/** /proc where there is one, `ps` elsewhere (docs/supervision.md tells what is Linux-only). */
export function processesOfThisHost(): Processes {
  return sharedProcesses(process.platform === "linux" ? linuxProcesses() : psProcesses());
}
