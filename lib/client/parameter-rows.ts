import { type JobParameters, namesOf, type Parameter, textOf } from "@/lib/domain/parameters";

/** What a parameter is, as a person chooses it. */
export const PARAMETER_KINDS = [
  "text",
  "options",
  "integer",
  "number",
  "boolean",
  "date",
  "password",
] as const;
export type ParameterKind = (typeof PARAMETER_KINDS)[number];

/** A parameter as it is typed. `least` and `most`: of a number its value, of a text its length. `options` and `examples`: one on each line. */
export type ParameterRow = {
  name: string;
  kind: ParameterKind;
  title: string;
  description: string;
  required: boolean;
  preset: string;
  options: string;
  examples: string;
  least: string;
  most: string;
};

export const NEW_PARAMETER: ParameterRow = {
  name: "",
  kind: "text",
  title: "",
  description: "",
  required: false,
  preset: "",
  options: "",
  examples: "",
  least: "",
  most: "",
};

export function toParameterRows(parameters: JobParameters | null): ParameterRow[] {
  return namesOf(parameters).flatMap((name) => {
    const parameter = parameters?.properties[name];
    if (parameter === undefined) return [];
    return [{ ...rowOf(parameter), name, required: parameters?.required.includes(name) === true }];
  });
}

function rowOf(parameter: Parameter): Omit<ParameterRow, "name" | "required"> {
  const [least, most] = boundsOf(parameter);
  return {
    kind: kindOf(parameter),
    title: parameter.title ?? "",
    description: parameter.description ?? "",
    preset: parameter.default === undefined ? "" : textOf(parameter.default),
    options: parameter.type === "string" ? lines(parameter.enum ?? []) : "",
    examples: parameter.type === "boolean" ? "" : lines((parameter.examples ?? []).map(textOf)),
    least: least === undefined ? "" : String(least),
    most: most === undefined ? "" : String(most),
  };
}

function lines(texts: readonly string[]): string {
  return texts.join("\n");
}

function kindOf(parameter: Parameter): ParameterKind {
  if (parameter.type !== "string") return parameter.type;
  return parameter.format ?? (parameter.enum === undefined ? "text" : "options");
}

function boundsOf(parameter: Parameter): readonly [number | undefined, number | undefined] {
  if (parameter.type === "boolean") return [undefined, undefined];
  return parameter.type === "string"
    ? [parameter.minLength, parameter.maxLength]
    : [parameter.minimum, parameter.maximum];
}

/** Which of the further fields a kind has. */
export const FIELDS_OF_KIND = {
  text: ["preset", "least", "most", "examples"],
  options: ["options", "preset"],
  integer: ["preset", "least", "most", "examples"],
  number: ["preset", "least", "most", "examples"],
  boolean: ["preset"],
  date: ["preset", "examples"],
  password: ["least", "most"],
} as const satisfies Record<ParameterKind, readonly (keyof ParameterRow)[]>;

export function hasField(kind: ParameterKind, field: keyof ParameterRow): boolean {
  return (FIELDS_OF_KIND[kind] as readonly string[]).includes(field);
}

type Reading = { readonly parameters: JobParameters | null; readonly problem: string | null };

/**
 * As it is sent: what is wrong in it beyond that is said by the same rules as the server's. A row that nothing was typed into is none.
 * @returns problem: what no rule of theirs can say, such as a name that is there twice
 */
export function readParameterRows(rows: readonly ParameterRow[]): Reading {
  const typed = rows
    .map((row) => ({ ...row, name: row.name.trim() }))
    .filter((row) => Object.entries(NEW_PARAMETER).some(([field, value]) => row[field as "name"] !== value));
  if (typed.length === 0) return { parameters: null, problem: null };
  const names = typed.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  const problem = names.includes("")
    ? "A parameter needs a name."
    : twice === undefined
      ? null
      : `${twice}: is there twice.`;
  const properties = Object.fromEntries(typed.map((row) => [row.name, propertyOf(row)]));
  const required = typed.filter((row) => row.required).map(({ name }) => name);
  return { parameters: { type: "object", properties, required } as unknown as JobParameters, problem };
}

/** A text that is no number is sent as it is, and refused in words. */
function propertyOf(row: ParameterRow): Readonly<Record<string, unknown>> {
  const { kind, preset, least, most } = row;
  const isNumber = kind === "integer" || kind === "number";
  const read = (text: string) => (isNumber ? numberIn(text) : kind === "boolean" ? text === "true" : text);
  const [lower, upper] = isNumber ? ["minimum", "maximum"] : ["minLength", "maxLength"];
  const given = (field: keyof ParameterRow) => hasField(kind, field) && String(row[field]).trim() !== "";
  return {
    type: isNumber || kind === "boolean" ? kind : "string",
    ...(row.title.trim() === "" ? {} : { title: row.title.trim() }),
    ...(row.description.trim() === "" ? {} : { description: row.description.trim() }),
    ...(given("preset") ? { default: read(preset) } : {}),
    ...(given("examples") ? { examples: linesIn(row.examples).map(read) } : {}),
    ...(kind === "options" ? { enum: linesIn(row.options) } : {}),
    ...(given("least") ? { [lower ?? ""]: numberIn(least) } : {}),
    ...(given("most") ? { [upper ?? ""]: numberIn(most) } : {}),
    ...(kind === "date" || kind === "password" ? { format: kind } : {}),
    ...(kind === "password" ? { writeOnly: true } : {}),
  };
}

function numberIn(text: string): number | string {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}

function linesIn(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== "");
}

/** `properties.shop.default` → the parameter and its field, in the words of the form. */
export function parameterIssueText(path: string, message: string): string {
  const [first = "", name = "", keyword = ""] = path.split(".");
  if (first !== "properties" || name === "") return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  const field = keyword === "" ? "" : `${KEYWORD_WORDS.get(keyword) ?? keyword}: `;
  return `${name}: ${field}${message}.`;
}

const KEYWORD_WORDS: ReadonlyMap<string, string> = new Map([
  ["enum", "options"],
  ["minLength", "shortest"],
  ["maxLength", "longest"],
]);
