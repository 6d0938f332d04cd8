import { spawn } from "node:child_process";
import { GIVEN_UP, notStarted, type Spawner, type StartedLauncher } from "../watch/spawner";
import { launchProblem } from "./launch-problem";
import { withProgramInput } from "./program-input";

/** By this very process, which stands still while the system copies its page tables. */
export const spawnDirectly: Spawner = async (order) => {
  const {
    command: [shell = "", ...args],
    env,
    log,
    onExit,
  } = order;
  if (order.isGivenUp()) return notStarted(GIVEN_UP);
  const child = withProgramInput((input) =>
    spawn(shell, args, {
      // Not the run's: until the child has become /bin/sh this whole process waits, and that folder may not answer. The launcher
      // goes there itself.
      cwd: "/",
      env: processEnv(env),
      stdio: [input, log.descriptor, log.descriptor],
      // A session of its own: no terminal's Ctrl-C and no supervisor's group signal reaches it.
      detached: true,
    }),
  );
  child.unref();
  const started: StartedLauncher = { came: child.pid !== undefined, exit: null, problem: null };
  child.once("error", (error) => {
    started.problem = launchProblem(error);
  });
  // `exit`, never `close`: a grandchild that keeps the log open must not keep the run alive.
  child.once("exit", (code, signal) => {
    started.exit = { code, signal };
    onExit(started.exit);
  });
  return started;
};

/** Next's types demand NODE_ENV of every environment; a run has only what its job and this host give it. */
function processEnv(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return env as NodeJS.ProcessEnv;
}
