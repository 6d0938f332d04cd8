import { AppError } from "@/lib/domain/errors";
import { problemResponse } from "@/lib/http/problem";
import type { Handler } from "@/lib/http/route";

const unknown: Handler = async (request) => {
  const { pathname } = new URL(request.url);
  const message = `There is nothing at ${pathname}. The API is below /api/v1; docs/api.md lists its calls.`;
  return problemResponse(new AppError("ROUTE_NOT_FOUND", message, { path: pathname }));
};

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT };
