import { answer } from "@/api/answer";

/** With hot reloading Next answers the API, so that a change is there at once. What is built has no such route: see next.config.mjs. */

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
