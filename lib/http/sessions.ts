import { sessionCookieOf } from "@/lib/runtime";
import { noContent } from "./answers";

/** A session's secret goes to the browser in a cookie that no script reads, and nowhere else. */
export function withSession(answer: Response, secret: string): Response {
  answer.headers.append("set-cookie", sessionCookieOf().set(secret));
  return answer;
}

/** The browser forgets it, whether it is still good or not. */
export function withoutSession(answer: Response = noContent()): Response {
  answer.headers.append("set-cookie", sessionCookieOf().clear());
  return answer;
}

/** What the browser says it is. */
export function agentOf(request: Request): string {
  return request.headers.get("user-agent") ?? "";
}
