/** Everything about one parameter; the names of the fields are those of JSON Schema, of which this is a part. */
type Described = { readonly title?: string; readonly description?: string };

export type TextParameter = Described & {
  readonly type: "string";
  readonly default?: string;
  readonly examples?: readonly string[];
  readonly enum?: readonly string[];
  /** In characters, as people count them. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** `password`: its value is sealed, handed to the program alone and never shown. */
  readonly format?: "date" | "password";
  readonly writeOnly?: true;
};

export type NumberParameter = Described & {
  readonly type: "integer" | "number";
  readonly default?: number;
  readonly examples?: readonly number[];
  readonly minimum?: number;
  readonly maximum?: number;
};

export type SwitchParameter = Described & { readonly type: "boolean"; readonly default?: boolean };

export type Parameter = TextParameter | NumberParameter | SwitchParameter;

/** What a job may be given at its start, in the order of its form. */
export type JobParameters = {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Parameter>>;
  readonly required: readonly string[];
};

export type ParameterValue = string | number | boolean;
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** `path` below the field that was sent: `properties.shop.default`, or a parameter's name. */
export type ParameterIssue = { readonly path: string; readonly message: string };

export const PARAMETER_NAME = /^[a-z][A-Za-z0-9_]{0,39}$/;
export const VARIABLE_PREFIX = "UNSTUCK_PARAM_";

export function namesOf(parameters: JobParameters | null): readonly string[] {
  return parameters === null ? [] : Object.keys(parameters.properties);
}

/** null: not declared. A name may be that of something every object has, such as `constructor`. */
export function findParameter(parameters: JobParameters | null, name: string): Parameter | null {
  if (parameters === null || !Object.hasOwn(parameters.properties, name)) return null;
  return parameters.properties[name] ?? null;
}

export function isSecret(parameter: Parameter): boolean {
  return parameter.type === "string" && parameter.format === "password";
}

/** Whether a start chooses each character of it: it is not one of the job's options, nor of a form of its own. */
export function isFreeText(parameter: Parameter): boolean {
  return parameter.type === "string" && parameter.enum === undefined && parameter.format === undefined;
}

/** `apiKey` is `UNSTUCK_PARAM_API_KEY`: an underscore before each capital letter that follows a small one or a digit. */
export function variableOf(name: string): string {
  return `${VARIABLE_PREFIX}${name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()}`;
}

/** As a program is given it: numbers as JSON writes them, `true` or `false`. */
export function textOf(value: ParameterValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Variables of a run for its program. A secret's value comes from elsewhere. */
export function toVariables(values: ParameterValues): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [variableOf(name), textOf(value)]));
}
