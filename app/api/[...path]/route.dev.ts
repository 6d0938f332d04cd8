import { answer } from "@/api/answer";

/** In dev, Next serves the API so that changes to handlers are picked up immediately. Production builds leave this route out: see next.config.mjs. */

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
};
