import { EXIT } from "./exit-codes.mjs";

/** What stands below the list of verbs. */
export const AFTER_HELP = `
Exit codes:
  0    done
  ${EXIT.notWell}    done or shown, and not all of it is well (a check failed, an item was
       skipped, a run that was waited for did not complete)
  ${EXIT.declined}    you said no; nothing was changed
  ${EXIT.usage}   wrong usage            ${EXIT.noJob}   no such job, run, plan or user
  ${EXIT.unreachable}   dashboard unreachable  ${EXIT.refused}   refused
  ${EXIT.busy}   busy: something is in the way for now
  ${EXIT.notAllowed}   not allowed            ${EXIT.aborted}  Ctrl-C at a question; nothing was changed
  exec exits with the code of its program.

Where the dashboard is: --data or --url, else $UNSTUCK_SOCKET, $UNSTUCK_URL,
$UNSTUCK_DATA_DIR, or the data folder of this checkout. A data folder is asked
by its socket, which needs no password.

Who you are, when it is asked by its URL: the token in $UNSTUCK_TOKEN, else the
one that unstuck login keeps for that URL. Without a token, the URL of the
dashboard of this checkout on this machine is asked by its socket.`;
