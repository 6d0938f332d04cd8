import type { z } from "zod";
import { AppError } from "@/lib/domain/errors";
import { type RequestContext, requestContext } from "@/lib/runtime";
import { actorOf } from "./actor";
import { readJson } from "./body";
import { invalidInput, problemResponse } from "./problem";
import { withoutUnreadBody } from "./unread-body";

type Schema = z.ZodType;
type Output<S> = S extends Schema ? z.output<S> : undefined;
type Spec<P, Q, B> = {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Where a body may be larger than elsewhere. */
  readonly maxBodyBytes?: number;
  /** Also while it is not certain that the data folder is the live one, when nothing else may be changed. */
  readonly whileUnconfirmed?: boolean;
};
type Input<P, Q, B> = {
  readonly ctx: RequestContext;
  readonly request: Request;
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
};

export type Handler = (request: Request, context: { params: Promise<unknown> }) => Promise<Response>;

/** A route: what it expects, and what it does with it. Whatever is refused on the way becomes a problem. */
export function route<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(spec: Spec<P, Q, B>, handle: (input: Input<P, Q, B>) => Promise<Response>): Handler {
  return async (request, context) => {
    try {
      const ctx = requestContext(actorOf(request), request.signal);
      if (request.method !== "GET" && spec.whileUnconfirmed !== true) ctx.refuseUnconfirmed();
      const params = parse("path", spec.params, spec.params && decodeParams(await context.params));
      const query = parse(
        "query",
        spec.query,
        spec.query && Object.fromEntries(new URL(request.url).searchParams),
      );
      const body = parse("body", spec.body, spec.body && (await readJson(request, spec.maxBodyBytes)));
      return withoutUnreadBody(request, await handle({ ctx, request, params, query, body }));
    } catch (error) {
      return problemResponse(error);
    }
  };
}

/** `parse` answers undefined exactly when there is no schema, which the type of `Output` says too. */
function parse<S extends Schema | undefined>(
  where: string,
  schema: S | undefined,
  value: unknown,
): Output<S> {
  if (schema === undefined) return undefined as Output<S>;
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(where, result.error);
  return result.data as Output<S>;
}

/** Next hands path segments on as they stand in the URL. */
function decodeParams(params: unknown): unknown {
  if (typeof params !== "object" || params === null) return {};
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "string" ? decode(value) : value]),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/** All methods of one path: those it has, and for the others a problem that names them. */
export function routes(handlers: Partial<Record<Method, Handler>>): Record<Method, Handler> {
  const allowed = METHODS.filter((method) => handlers[method] !== undefined);
  const refuse: Handler = async (request) => {
    const message = `${request.method} is not possible here. Use ${allowed.join(" or ")}.`;
    const response = problemResponse(new AppError("METHOD_NOT_ALLOWED", message, { allowed }));
    response.headers.set("allow", allowed.join(", "));
    return response;
  };
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, ...handlers };
}
