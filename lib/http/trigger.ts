import type { RunTrigger } from "@/lib/domain/run";

/** Who pressed: a browser says of itself that a request comes from our own page; everything else is a program. */
export function triggerOf(request: Request): RunTrigger {
  return request.headers.get("sec-fetch-site") === "same-origin" ? "manual" : "api";
}
