import { argvBytes, MAX_ARGV_BYTES } from "./argv-bytes";
import { codeIn } from "./interpreted-code";
import {
  findParameter,
  isFreeText,
  isSecret,
  type JobParameters,
  namesOf,
  type ParameterIssue,
  type ParameterValues,
  textOf,
  variableOf,
} from "./parameters";

/** A piece of an argument: as it is written, a parameter's value, or what a switch that is on puts in. */
type Piece =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "value"; readonly name: string }
  | { readonly is: "switch"; readonly name: string; readonly text: string }
  | { readonly is: "unclear"; readonly text: string };

/** `{{{{` is a literal `{{`, `{{shop}}` a value, `{{fast?--fast}}` a switch. */
const PIECE = /\{\{\{\{|\{\{([^{}]*)\}\}|\{\{/g;
const INSIDE = /^([A-Za-z0-9_]+)(?:\?(.*))?$/s;

function piecesOf(argument: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const text = (part: string) => (part === "" ? undefined : pieces.push({ is: "text", text: part }));
  let at = 0;
  for (const found of argument.matchAll(PIECE)) {
    text(argument.slice(at, found.index));
    at = found.index + found[0].length;
    pieces.push(pieceOf(found[0], found[1]));
  }
  text(argument.slice(at));
  return pieces;
}

function pieceOf(whole: string, inside: string | undefined): Piece {
  if (whole === "{{{{") return { is: "text", text: "{{" };
  const [, name, text] = INSIDE.exec(inside ?? "") ?? [];
  if (name === undefined) return { is: "unclear", text: whole };
  return text === undefined ? { is: "value", name } : { is: "switch", name, text };
}

type Command = { readonly argv: readonly string[]; readonly parameters: JobParameters | null };

/**
 * What is wrong with the places of a command where values go, to be said when the job is saved. A job that declares no parameters has no such
 * places: its braces are braces.
 */
export function placeholderIssues({ argv, parameters }: Command): readonly ParameterIssue[] {
  if (parameters === null) return [];
  const code = codeIn(argv);
  return argv.flatMap((argument, index) => {
    const pieces = piecesOf(argument);
    const problems = pieces.flatMap((piece) => pieceProblem(piece, pieces, parameters, code.get(index)));
    if (index === 0 && pieces.some(({ is }) => is !== "text"))
      problems.unshift("the program itself cannot be a parameter; expected one program");
    const [message] = problems;
    return message === undefined ? [] : [{ path: `argv.${index}`, message }];
  });
}

function pieceProblem(
  piece: Piece,
  pieces: readonly Piece[],
  parameters: JobParameters,
  code: string | undefined,
): string[] {
  if (piece.is === "text") return [];
  if (piece.is === "unclear")
    return [
      `expected {{name}} or {{name?text}}, found ${piece.text}; two braces themselves are written {{{{`,
    ];
  const { name } = piece;
  const parameter = findParameter(parameters, name);
  if (parameter === null)
    return [`{{${name}}} is no parameter of this job; it has ${namesOf(parameters).join(", ")}`];
  if (isSecret(parameter))
    return [
      `{{${name}}} is a password, and every user of the host can read command lines; let the program read ${variableOf(name)}`,
    ];
  if (piece.is === "switch") return switchProblem(piece, pieces, parameter.type);
  if (code !== undefined && isFreeText(parameter))
    return [
      `{{${name}}} stands in ${code}, where any text would be run as code; use "$${variableOf(name)}" there instead, or give the parameter an enum`,
    ];
  return [];
}

function switchProblem(
  { name }: { readonly name: string },
  pieces: readonly Piece[],
  type: string,
): string[] {
  if (type !== "boolean")
    return [`{{${name}?…}} needs a parameter that is true or false; ${name} is a ${type}`];
  return pieces.length === 1 ? [] : [`{{${name}?…}} has to be the whole argument`];
}

/**
 * The command with the values of a run. An argument with a place that has no value is left out whole.
 * @param args what stands after it, used literally
 */
export function fillArgv(
  { argv, parameters }: Command,
  values: ParameterValues,
  args: readonly string[],
): { readonly argv: readonly string[]; readonly issues: readonly ParameterIssue[] } {
  if (parameters === null) return { argv: [...argv, ...args], issues: [] };
  const issues: ParameterIssue[] = [];
  const filled = argv.flatMap((argument) => {
    const parts = piecesOf(argument).map((piece) => ({ piece, text: textFor(piece, values) }));
    const texts = parts.map(({ text }) => text);
    if (!isWhole(texts)) return [];
    const first = parts.find(({ text }) => text !== "");
    if (first?.piece.is === "value" && first.text?.startsWith("-")) {
      const { name } = first.piece;
      const parameter = findParameter(parameters, name);
      if (parameter !== null && isFreeText(parameter)) issues.push({ path: name, message: LIKE_AN_OPTION });
    }
    return [texts.join("")];
  });
  const whole = [...filled, ...args];
  if (argvBytes(whole) > MAX_ARGV_BYTES)
    issues.push({ path: "", message: `expected a command of at most ${MAX_ARGV_BYTES} bytes in all` });
  return { argv: whole, issues };
}

const LIKE_AN_OPTION =
  'expected text that does not begin with "-": it stands at the beginning of an argument, where the program would take it for an option';

/** null: it has no value, so the argument is left out. */
function textFor(piece: Piece, values: ParameterValues): string | null {
  if (piece.is === "text" || piece.is === "unclear") return piece.text;
  const value = Object.hasOwn(values, piece.name) ? values[piece.name] : undefined;
  if (piece.is === "switch") return value === true ? piece.text : null;
  return value === undefined ? null : textOf(value);
}

function isWhole(texts: readonly (string | null)[]): texts is readonly string[] {
  return texts.every((text) => text !== null);
}
