import { buffer } from "node:stream/consumers";
import { EXIT, exitCodeOf, Refusal } from "./exit-codes.mjs";
import { inOwnWords, signedOutInOwnWords } from "./own-words.mjs";

// Imported as ES modules they would load a second HTTP client, undici, for the names they export: as much as all else of a command's start.
const { request: httpRequest } = process.getBuiltinModule("node:http");
const { request: httpsRequest } = process.getBuiltinModule("node:https");

/**
 * @typedef {import("../lib/contracts/problem").Problem} Problem
 * @typedef {import("./where.mjs").Door} Door
 * @typedef {{ body?: unknown, token?: string | undefined, withinMs?: number, nothing?: string }} Call
 * `nothing`: printed when no dashboard could be asked
 * @typedef {"none" | "variable" | "login" | "call"} TokenFrom `call`: the one of a run that is being started
 */

const ANSWER_WITHIN_MS = 20_000;

/** The request cannot have arrived. */
const NOT_CONNECTED = [
  "ECONNREFUSED",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTSOCK",
  // A path too long for a socket: Node 22 cuts it off and finds nothing there, Node 24 refuses to connect.
  "EINVAL",
  "ENAMETOOLONG",
];

/** A refusal of the dashboard, with its code. */
export class Refused extends Refusal {
  /**
   * @param {Problem} problem
   * @param {TokenFrom} [from]
   */
  constructor({ detail, code }, from = "none") {
    super(exitCodeOf(code), code === "SIGNED_OUT" ? signedOutInOwnWords(detail, from) : inOwnWords(detail));
    this.code = code;
  }
}

/** It may come back: it is being restarted, or the network is. */
export class Unreachable extends Refusal {
  /** @param {string} message */
  constructor(message) {
    super(EXIT.unreachable, message);
  }
}

/** The dashboard, by whichever of its doors is open. */
export class Dashboard {
  /**
   * @param {import("./where.mjs").Place} place
   * @param {string | undefined} token for a dashboard that asks for one
   * @param {(origin: string) => string | undefined} [kept] the token of `unstuck login`, which is for that origin alone
   */
  constructor(place, token, kept = () => undefined) {
    this.place = place;
    this.token = token;
    this.kept = kept;
  }

  /**
   * @param {Door} door
   * @returns {{ token: string | undefined, from: TokenFrom }}
   */
  tokenFor(door) {
    if (this.token !== undefined) return { token: this.token, from: "variable" };
    const token = "url" in door ? this.kept(new URL(door.url).origin) : undefined;
    return { token, from: token === undefined ? "none" : "login" };
  }

  /**
   * One call. The answer has the shape of its contract (lib/contracts); it is not checked again here.
   * @template Answer
   * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} path
   * @param {Call} [call]
   * @returns {Promise<Answer>}
   * @throws {Refused | Refusal}
   */
  async call(method, path, call = {}) {
    const { status, bytes } = await this.ask(method, path, call);
    // Withdrawing has an empty answer that is not read.
    if (status === 204) return /** @type {Answer} */ (undefined);
    return parsed(bytes, `${this.place.named} answered ${status}, and not as Unstuck does. Is that Unstuck?`);
  }

  /**
   * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} path
   * @param {Call} [call]
   * @returns {Promise<Answered>} below 300
   *
   * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, bytes: Buffer }} Answered
   */
  async ask(method, path, call = {}) {
    const { from, ...answered } = await this.throughADoor(method, path, call);
    if (answered.status < 300) return answered;
    if (answered.status < 400) throw this.sentElsewhere(answered);
    const problem = parsed(
      answered.bytes,
      `${this.place.named} answered ${answered.status}: is that Unstuck?`,
    );
    if (typeof problem?.code === "string") throw new Refused(problem, from);
    throw new Unreachable(`${this.place.named} answered ${answered.status}: is that Unstuck?`);
  }

  /**
   * What goes by itself where an answer points may hand a token to someone else.
   * @param {Answered} answered
   */
  sentElsewhere({ status, headers: { location = "" } }) {
    const where = URL.canParse(location) ? ` to ${new URL(location).origin}` : "";
    return new Unreachable(
      `${this.place.named} answered ${status}, a redirect${where}, which is not followed. If that is the dashboard, give its own address: --url or UNSTUCK_URL.`,
    );
  }

  /**
   * @param {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} method
   * @param {string} path
   * @param {Call} call
   * @returns {Promise<Answered & { from: TokenFrom }>}
   */
  async throughADoor(method, path, call) {
    let why = "";
    for (const door of this.place.doors) {
      const { token, from } =
        call.token === undefined
          ? this.tokenFor(door)
          : { token: call.token, from: /** @type {const} */ ("call") };
      try {
        return { ...(await send(door, method, path, { ...call, token })), from };
      } catch (error) {
        why = explained(error, door, { method, path }, call);
      }
    }
    const { nothing = "Nothing was changed." } = call;
    throw new Unreachable(
      `The dashboard at ${this.place.named} cannot be reached (${why}). ${nothing} Start it, or say where it is with --data, --url or UNSTUCK_URL.`,
    );
  }
}

/**
 * Node's own client: it speaks over a socket, and is loaded five times faster than undici, which fetch cannot be handed without.
 * @param {Door} door
 * @param {string} method
 * @param {string} path
 * @param {Call} call
 * @returns {Promise<Answered>}
 */
function send(door, method, path, { body, token, withinMs = ANSWER_WITHIN_MS }) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(text === undefined
      ? {}
      : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const more = { method, headers, agent: false, signal: AbortSignal.timeout(withinMs) };
  return new Promise((resolve, reject) => {
    const asked =
      "socket" in door
        ? httpRequest({ ...more, socketPath: door.socket, path, host: "localhost" })
        : (door.url.startsWith("https:") ? httpsRequest : httpRequest)(`${door.url}${path}`, more);
    asked.once("error", reject);
    asked.once("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      void buffer(response).then((bytes) => resolve({ status, headers, bytes }), reject);
    });
    asked.end(text);
  });
}

/**
 * @param {unknown} error
 * @param {Door} door
 * @param {{ method: string, path: string }} asked
 * @param {Call} call
 * @returns {string} why the next door is to be tried
 */
function explained(error, door, asked, { withinMs = ANSWER_WITHIN_MS }) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const told = error instanceof Error ? error.message || code : String(error);
  if (code === "EACCES" && "socket" in door && door.ifAllowed) return told;
  if (code === "EACCES" && "socket" in door)
    throw new Refusal(
      EXIT.notAllowed,
      `Expected to be the dashboard's own user: the socket ${door.socket} is open to no other user. Nothing was changed. Use sudo -u, or --url.`,
    );
  if (NOT_CONNECTED.includes(code)) return told;
  const what =
    error instanceof Error && error.name.match(/Abort|Timeout/)
      ? `no answer within ${withinMs / 1_000} s`
      : told;
  throw new Unreachable(`The dashboard did not answer (${what}).${unsure(asked)}`);
}

/**
 * The dashboard drops a start that still waits when its client leaves, and carries out a stop (docs/api.md).
 * @param {{ method: string, path: string }} asked
 */
function unsure({ method, path }) {
  if (method === "GET") return "";
  const later = /\/start$/.test(path)
    ? "If it has not started by now, it will not start later"
    : /\/stop(-all)?$/.test(path)
      ? "If it has arrived, it will be carried out"
      : "Whether it was done is not known";
  return ` ${later}: look with unstuck status.`;
}

/**
 * @param {Buffer} bytes
 * @param {string} otherwise
 */
function parsed(bytes, otherwise) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Unreachable(otherwise);
  }
}
