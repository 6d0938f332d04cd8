/**
 * The dashboard says what to do in the words of its API. Who sits at a terminal is told in those of the command.
 * @type {readonly (readonly [string, string])[]}
 */
const WORDS = [
  ["repeat with allowShort: true if it is meant", "add --allow-short if it is meant"],
  ["With force: true it is", "With --force it is"],
  ['Start it without "resume" to start from the beginning.', "To start from the beginning: unstuck start."],
  [
    'start it with folder: "old"; a start without "resume" starts over in the job\'s folder.',
    "unstuck resume --old-folder; unstuck start starts over in the job's folder.",
  ],
  ["GET /api/v1/jobs lists those there are.", "unstuck status lists those there are."],
];

/** @param {string} text */
export function inOwnWords(text) {
  return WORDS.reduce((told, [theirs, ours]) => told.replace(theirs, ours), text);
}

/**
 * Who is asking is not known: what to do depends on whether a token was sent, and where it came from.
 * @param {string} text
 * @param {import("./api.mjs").TokenFrom} from
 */
export function signedOutInOwnWords(text, from) {
  switch (from) {
    case "none":
      return "This dashboard asks who you are. On its own host use the socket (--data FOLDER, as its user); from elsewhere: unstuck login URL.";
    case "variable":
      return `${text} It is the one in UNSTUCK_TOKEN.`;
    case "login":
      return `${text} Then: unstuck login URL.`;
    case "call":
      return text;
  }
}
