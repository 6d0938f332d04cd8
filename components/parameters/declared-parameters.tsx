import type { JobView } from "@/lib/contracts/job";
import { type JobParameters, namesOf, type Parameter, textOf, variableOf } from "@/lib/domain/parameters";

/** What a start of the job may be given, one a line. */
export function DeclaredParameters({ parameters }: { parameters: NonNullable<JobView["parameters"]> }) {
  return (
    <ul className="flex flex-col gap-1" aria-label="Parameters">
      {namesOf(parameters).map((name) => (
        <li key={name}>
          <code className="text-xs" title={variableOf(name)}>
            {name}
          </code>
          <span className="text-xs text-muted"> {wordsFor(parameters, name)}</span>
        </li>
      ))}
    </ul>
  );
}

function wordsFor({ properties, required }: JobParameters, name: string): string {
  const parameter = properties[name];
  if (parameter === undefined) return "";
  const limits = limitsOf(parameter);
  return [
    kindWords(parameter),
    ...(limits === null ? [] : [limits]),
    ...(required.includes(name) ? ["required"] : []),
    ...(parameter.default === undefined ? [] : [`default ${textOf(parameter.default)}`]),
  ].join(", ");
}

function kindWords(parameter: Parameter): string {
  if (parameter.type === "boolean") return "yes or no";
  if (parameter.type !== "string") return parameter.type === "integer" ? "whole number" : "number";
  if (parameter.enum !== undefined) return `one of ${parameter.enum.join(", ")}`;
  return parameter.format ?? "text";
}

function limitsOf(parameter: Parameter): string | null {
  if (parameter.type === "boolean") return null;
  const isText = parameter.type === "string";
  const [least, most] = isText
    ? [parameter.minLength, parameter.maxLength]
    : [parameter.minimum, parameter.maximum];
  const unit = isText ? " characters" : "";
  if (least === undefined && most === undefined) return null;
  if (least === undefined) return `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}
