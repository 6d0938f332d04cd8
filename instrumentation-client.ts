import { config } from "zod";

/**
 * Runs in the browser before any page's code. Zod compiles parsers with `new Function` where that is allowed, and tries it once to
 * find out; the content security policy forbids it and reports the attempt.
 */
config({ jitless: true });
