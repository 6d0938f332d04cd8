import { afterAll, afterEach, beforeAll } from "vitest";
import { type Operator, operator } from "./operator";
import { cleanUp, type ServerOptions, startServer, type TestServer } from "./server";

/** Both are of the server that runs now: a test that kills it puts the next one here. */
type OneServer = { server: TestServer; op: Operator };

/** One server for all tests of a file, which calls this once. After each test every run is ended, and at the end nothing is left. */
export function oneServer(options: ServerOptions = {}): OneServer {
  const its = {} as OneServer;
  beforeAll(async () => {
    its.server = await startServer(options);
    its.op = operator(its.server);
  });
  afterEach(() => its.op.endAll());
  afterAll(cleanUp);
  return its;
}
