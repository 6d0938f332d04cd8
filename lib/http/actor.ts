/** Who asks. Only server/owner-socket.mjs sets this header; what comes by TCP has it removed. */
export function actorOf(request: Request): string {
  return request.headers.get("x-unstuck-door") === "owner" ? "owner" : "operator";
}
