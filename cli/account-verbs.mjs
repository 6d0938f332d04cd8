import { Option } from "commander";
import { grants } from "./option-values.mjs";

/**
 * @typedef {import("commander").Command} Command
 * @typedef {import("./program.mjs").Verb} Verb
 */

/** As lib/domain/access.ts has them, the usual one first; a test keeps them the same. */
export const ROLES = ["admin", "operator", "viewer"];

const passwordStdin = () =>
  new Option("--password-stdin", "read the password from standard input instead of asking");

/**
 * The verbs about who may ask: users, and the token of this machine.
 * @param {Command} program
 * @param {(usage: string, description: string, load: () => Promise<{ run: Verb }>, group?: Command) => Command} verb
 */
export function addAccountVerbs(program, verb) {
  const admin = program
    .command("admin")
    .description("users and the secret key; on the dashboard's host without signing in");
  verb(
    "list",
    "every user, with role, second factor and last sign-in",
    () => import("./verbs/admin-list.mjs"),
    admin,
  );
  verb("create <name>", "create a user", () => import("./verbs/admin-create.mjs"), admin)
    .addOption(new Option("--role <role>", "for everything (else: admin; with --grant: none)").choices(ROLES))
    .addOption(
      new Option("--grant <role:on>", "for some jobs: operator:tag:shop, viewer:job:nightly; may be repeated")
        .argParser(grants)
        .default([], "none"),
    )
    .addOption(passwordStdin())
    .addHelpText("after", PASSWORD_HELP);
  verb(
    "reset-password <name>",
    "give a user a new password and end all sessions of that user",
    () => import("./verbs/admin-reset-password.mjs"),
    admin,
  )
    .option("--remove-second-factor", "for a lost phone")
    .addOption(passwordStdin())
    .addHelpText("after", PASSWORD_HELP);
  verb(
    "set-up",
    "print the link that makes the first admin, while there are no users",
    () => import("./verbs/admin-set-up.mjs"),
    admin,
  );
  verb(
    "rotate-secret",
    "seal all secrets with another key, and forget the old one",
    () => import("./verbs/admin-rotate-secret.mjs"),
    admin,
  );
  verb("login <url>", "keep a token for the dashboard at that URL", () => import("./verbs/login.mjs")).option(
    "--token-stdin",
    "read the token from standard input instead of asking",
  );
  verb("logout <url>", "remove the token for that URL from this machine", () => import("./verbs/logout.mjs"));
}

const PASSWORD_HELP = `
In a terminal it asks for the password. Elsewhere, and with --json, one is made
up and printed once, unless --password-stdin is given.`;
