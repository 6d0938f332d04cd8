import type { z } from "zod";
import { can, type Role } from "@/lib/domain/access";
import { AppError } from "@/lib/domain/errors";
import { publicContext, type RequestContext, requestContext } from "@/lib/runtime";
import { answerAsSeen } from "./as-seen";
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
  /** Answered without signing in, as the table of rules says (lib/auth/rules.ts). */
  readonly isPublic?: boolean;
  /** What asks for more than the table says, because of what is in the body: a role for everything, and why. null: nothing. */
  readonly demands?: (input: { readonly query: Output<Q>; readonly body: Output<B> }) => Demand | null;
  /** Also while it is not certain that the data folder is the live one, when nothing else may be changed. */
  readonly whileUnconfirmed?: boolean;
};
export type Demand = { readonly role: Role; readonly what: string };

type Input<P, Q, B> = {
  readonly ctx: RequestContext;
  readonly request: Request;
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
};

/** @param params the named segments of the path, as they stand in the URL */
export type Handler = (request: Request, params: Readonly<Record<string, string>>) => Promise<Response>;

/** A route: what it expects, and what it does with it. Whatever is refused on the way becomes a problem. */
export function route<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
>(spec: Spec<P, Q, B>, handle: (input: Input<P, Q, B>) => Promise<Response>): Handler {
  const answer = async (request: Request, segments: Readonly<Record<string, string>>) => {
    const ctx = (spec.isPublic === true ? publicContext : requestContext)(request.signal);
    if (request.method !== "GET" && spec.whileUnconfirmed !== true) ctx.refuseUnconfirmed();
    const params = parse("path", spec.params, spec.params && decodeParams(segments));
    const query = parse(
      "query",
      spec.query,
      spec.query && Object.fromEntries(new URL(request.url).searchParams),
    );
    const body = parse("body", spec.body, spec.body && (await readJson(request, spec.maxBodyBytes)));
    refuseUnlessAllowed(ctx, request, spec.demands?.({ query, body }) ?? null);
    return withoutUnreadBody(request, await handle({ ctx, request, params, query, body }));
  };
  return async (request, segments) => {
    try {
      return await answerAsSeen(await answer(request, segments).catch(problemResponse));
    } catch (error) {
      return problemResponse(error);
    }
  };
}

/** @throws AppError NOT_ALLOWED */
function refuseUnlessAllowed(ctx: RequestContext, request: Request, demand: Demand | null): void {
  const { who, actor } = ctx;
  if (demand === null || (who !== null && can(who.access, demand.role, null))) return;
  const { role, what } = demand;
  const path = new URL(request.url).pathname.slice(0, 200);
  if (who !== null) ctx.noteRefusal(who, { method: request.method, path, needed: role, what });
  throw new AppError(
    "NOT_ALLOWED",
    `${what} needs the role ${role}, which ${actor} does not have. Nothing was changed.`,
    {
      needed: role,
    },
  );
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

function decodeParams(segments: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(segments).map(([name, value]) => [name, decode(value)]));
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

/** One path: the methods it has, HEAD where there is GET, OPTIONS, and for all others a problem that names those. */
export function routes(handlers: Partial<Record<Method, Handler>>): Handler {
  const allowed = METHODS.filter((method) => handlers[method] !== undefined);
  const allow = [...allowed, ...(handlers.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
  return async (request, params) => {
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
    const method = METHODS.find((each) => each === (request.method === "HEAD" ? "GET" : request.method));
    const handle = method && handlers[method];
    if (handle !== undefined) return handle(request, params);
    const message = `${request.method} is not possible here. Use ${allowed.join(" or ")}.`;
    const response = problemResponse(new AppError("METHOD_NOT_ALLOWED", message, { allowed }));
    response.headers.set("allow", allowed.join(", "));
    return response;
  };
}
