import { userInfo } from "node:os";
import { type HostEnvironment, sortEnvironment, type Variables } from "@/lib/domain/environment";

/**
 * What runs can be handed of the environment this process was started in.
 * @param root Unstuck's own folder
 */
export function hostEnvironment(
  startedWith: { readonly started: Variables; readonly dotEnv: Variables },
  root: string,
): HostEnvironment {
  // Python keeps back kilobytes of what it prints into a file: a healthy run would look silent, and be ended for it.
  return sortEnvironment(startedWith, { ...userVariables(), PYTHONUNBUFFERED: "1" }, root);
}

/** As a login would set them: systemd and containers often leave them out. */
function userVariables(): Variables {
  try {
    const { username, homedir, shell } = userInfo();
    return {
      HOME: homedir,
      USER: username,
      LOGNAME: username,
      ...(shell === null || shell === "" ? {} : { SHELL: shell }),
    };
  } catch {
    // A uid without an entry in passwd, as containers have it.
    return {};
  }
}
