import { StatusQuery } from "@/lib/contracts/status";
import { okBytes } from "@/lib/http/answers";
import { route, routes } from "@/lib/http/route";
import { readStatusBytes } from "@/lib/reads/jobs";

export const answer = routes({
  GET: route({ query: StatusQuery }, async ({ request, query }) =>
    okBytes(await readStatusBytes(query, request.headers.get("if-none-match"))),
  ),
});
