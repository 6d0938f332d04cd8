import { addRoute, createRouter, findRoute } from "rou3";
import { AppError } from "@/lib/domain/errors";
import { problemResponse } from "./problem";
import type { Handler } from "./route";

/**
 * One function for all paths of the API, asked by our own server in front of Next, and by Next only while it hot-reloads
 * (docs/decisions/0041-the-api-in-front-of-next.md).
 * @param table by path: `[name]` is one segment, which is handed on as it stands in the URL, `[[...name]]` the rest, if there is one
 * @returns answers every request, also one for a path that is not in the table; it never rejects
 */
export function dispatch(table: Readonly<Record<string, Handler>>): (request: Request) => Promise<Response> {
  const router = createRouter<Handler>();
  for (const [path, handler] of Object.entries(table)) {
    addRoute(router, "", path.replace(/\[\[\.\.\.\w+\]\]/, "**").replaceAll(/\[(\w+)\]/g, ":$1"), handler);
  }
  return async (request) => {
    const { pathname } = new URL(request.url);
    const found = findRoute(router, "", pathname);
    if (found === undefined) return unknownPath(pathname);
    return found.data(request, found.params ?? {});
  };
}

function unknownPath(pathname: string): Response {
  const message = `There is nothing at ${pathname}. The API is below /api/v1; docs/api.md lists its calls.`;
  return problemResponse(new AppError("ROUTE_NOT_FOUND", message, { path: pathname }));
}
