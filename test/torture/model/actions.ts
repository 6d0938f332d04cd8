import {
  armFault,
  duplicateServer,
  freezeServer,
  hitLauncher,
  hitProgram,
  hitSpawnHelper,
  killBootingServer,
  killBusyServer,
  killServer,
  terminateServer,
  wakeAll,
} from "./blows";
import type { Chance } from "./chance";
import { copyFolder } from "./copied-folder";
import { holdDuringRestart } from "./held-restart";
import { hangMount } from "./hung-mount";
import { calm, settle } from "./quiet";
import {
  burst,
  changeSettings,
  cleanUp,
  forceStop,
  look,
  reset,
  restart,
  start,
  startMany,
  stop,
  stopAll,
} from "./requests";
import { fillDisk, holdDatabase, stepClock, tamper } from "./weather";
import type { World } from "./world";

/** Answers whether there was anything to do. */
export type Action = (world: World, chance: Chance) => Promise<boolean> | boolean;

/** How often each comes, in parts of the sum. About every fifth ends a server. */
const TABLE: readonly (readonly [string, number, Action])[] = [
  ["start", 16, start],
  ["start many", 12, startMany],
  ["burst of starts", 5, burst],
  ["stop", 8, stop],
  ["stop by force", 4, forceStop],
  ["restart", 6, restart],
  ["reset", 4, reset],
  ["stop all", 1, stopAll],
  ["change settings", 2, changeSettings],
  ["look", 3, look],
  ["clean up", 4, cleanUp],
  ["kill launcher", 4, hitLauncher("SIGKILL")],
  ["freeze launcher", 2, hitLauncher("SIGSTOP")],
  ["kill program", 5, hitProgram("SIGKILL")],
  ["terminate program", 3, hitProgram("SIGTERM")],
  ["freeze program", 3, hitProgram("SIGSTOP")],
  ["kill spawn helper", 4, hitSpawnHelper("SIGKILL")],
  ["freeze spawn helper", 1, hitSpawnHelper("SIGSTOP")],
  ["wake all", 3, wakeAll],
  ["kill server", 9, killServer],
  ["kill busy server", 9, killBusyServer],
  ["kill booting server", 3, killBootingServer],
  ["terminate server", 2, terminateServer],
  ["fault point", 6, armFault],
  ["freeze server", 2, freezeServer],
  ["second server", 2, duplicateServer],
  ["step clock", 3, stepClock],
  ["hang mount", 2, hangMount],
  ["fill disk", 2, fillDisk],
  ["hold database", 2, holdDatabase],
  ["hold database during restart", 1, holdDuringRestart],
  ["copy data folder", 1, copyFolder],
  ["tamper with pid file", 4, tamper],
  ["settle", 5, settle],
  ["calm", 1, calm],
];
const SUM = TABLE.reduce((sum, [, weight]) => sum + weight, 0);

export function chooseAction(chance: Chance): { readonly name: string; readonly act: Action } {
  let left = chance.below(SUM);
  for (const [name, weight, act] of TABLE) {
    if (left < weight) return { name, act };
    left -= weight;
  }
  throw new Error("Expected the weights to cover every number below their sum.");
}
