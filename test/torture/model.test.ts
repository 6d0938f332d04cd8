import { afterAll } from "vitest";
import { cleanUp } from "../server";
import { cleanSession } from "./model/clean-session";

/**
 * Whatever happens in whatever order, no promise is broken: docs/reliability.md tells how. The three fixed seeds last a minute
 * each and stand in files of their own, so that two play at once; `npm run torture` hands others to this one.
 */

afterAll(cleanUp);
cleanSession(11);
