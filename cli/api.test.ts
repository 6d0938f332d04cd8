import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { Dashboard } from "./api.mjs";

let server: Server;
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function dashboard(answer: RequestListener): Promise<Dashboard> {
  const socket = join(temporaryFolder(), "unstuck.sock");
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return new Dashboard({ doors: [{ socket }], dataDir: null, named: socket }, "secret");
}

test("a call goes over the socket, with body and token, and its answer comes back whole", async () => {
  const long = "é".repeat(200_000);
  const asked = await dashboard((request, response) => {
    void json(request).then((body) =>
      response.end(JSON.stringify([request.headers.authorization, body, long])),
    );
  });
  expect(await asked.call("POST", "/x", { body: { n: 1 } })).toEqual(["Bearer secret", { n: 1 }, long]);
});

test("an answer that stops in the middle is told as none in time, and one that is cut off as that", async () => {
  const stopping = await dashboard((_, response) => void response.write('{"jobs":'));
  await expect(stopping.call("GET", "/x", { withinMs: 300 })).rejects.toThrow(/no answer within 0.3 s/);
  server.closeAllConnections();
  server.close();
  const cut = await dashboard((_, response) => void response.write("{", () => response.destroy()));
  await expect(cut.call("GET", "/x")).rejects.toThrow(/did not answer \(aborted\)/);
});
