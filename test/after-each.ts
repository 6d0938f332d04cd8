import { afterEach } from "vitest";
import { endChildrenLeft } from "./children";

/** Set up for every file, since files that share their modules import `children.ts` only once. */
afterEach(endChildrenLeft);
