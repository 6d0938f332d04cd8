import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { temporaryFolder } from "@/test/folders";
import { Dashboard, Refused } from "./api.mjs";

const servers = new Set<Server>();
afterEach(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  servers.clear();
});

async function listening(answer: RequestListener, at: string | number): Promise<Server> {
  const server = createServer(answer);
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(at, resolve));
  return server;
}

async function dashboard(answer: RequestListener): Promise<Dashboard> {
  const socket = join(temporaryFolder(), "unstuck.sock");
  await listening(answer, socket);
  return new Dashboard({ doors: [{ socket }], dataDir: null, named: socket }, "secret");
}

/** A server on a port of its own, and what it was sent as authorization. */
async function onPort(answer: RequestListener) {
  const sent: (string | undefined)[] = [];
  const server = await listening((request, response) => {
    sent.push(request.headers.authorization);
    answer(request, response);
  }, 0);
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("It does not listen.");
  return { url: `http://localhost:${address.port}`, sent };
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
  const cut = await dashboard((_, response) => void response.write("{", () => response.destroy()));
  await expect(cut.call("GET", "/x")).rejects.toThrow(/did not answer \(aborted\)/);
});

const OK: RequestListener = (_, response) => void response.end("{}");

test("a kept token is sent to its own origin, and to no other port, host or scheme", async () => {
  const [own, other] = [await onPort(OK), await onPort(OK)];
  const kept = (origin: string) => (origin === own.url ? "kept" : undefined);
  const at = (url: string) => new Dashboard({ doors: [{ url }], dataDir: null, named: url }, undefined, kept);
  await at(own.url).call("GET", "/x");
  await at(own.url.replace("localhost", "127.0.0.1")).call("GET", "/x");
  await at(other.url).call("GET", "/x");
  expect(own.sent).toEqual(["Bearer kept", undefined]);
  expect(other.sent).toEqual([undefined]);
  expect(
    at(own.url.replace("http:", "https:")).tokenFor({ url: own.url.replace("http:", "https:") }),
  ).toEqual({
    token: undefined,
    from: "none",
  });
});

test("a redirect is not followed, and says where it leads", async () => {
  const elsewhere = await onPort(OK);
  const own = await onPort((_, response) =>
    response.writeHead(307, { location: `${elsewhere.url}/x` }).end("{}"),
  );
  const place = { doors: [{ url: own.url }], dataDir: null, named: own.url };
  const asked = new Dashboard(place, undefined, () => "kept").call("POST", "/x", { body: {} });
  await expect(asked).rejects.toThrow(`a redirect to ${elsewhere.url}, which is not followed`);
  expect(own.sent).toEqual(["Bearer kept"]);
  expect(elsewhere.sent).toEqual([]);
});

test("a given token wins over a kept one, and none is sent over a socket that was not given one", async () => {
  const own = await onPort(OK);
  const place = { doors: [{ url: own.url }], dataDir: null, named: own.url };
  await new Dashboard(place, "given", () => "kept").call("GET", "/x");
  expect(own.sent).toEqual(["Bearer given"]);
  const bySocket = new Dashboard(place, undefined, () => "kept");
  expect(bySocket.tokenFor({ socket: "/run/unstuck.sock" }).token).toBeUndefined();
});

test("a socket that cannot be used leaves the URL to be asked", async () => {
  const own = await onPort(OK);
  const socket = join(temporaryFolder(), "unstuck.sock");
  const doors = [{ socket, ifAllowed: true as const }, { url: own.url }];
  await new Dashboard({ doors, dataDir: null, named: own.url }, undefined).call("GET", "/x");
  expect(own.sent).toHaveLength(1);
});

test("who is not known is told where a token comes from, or what is wrong with the one that was sent", async () => {
  const detail = "The token is not valid.";
  const own = await onPort((_, response) =>
    response.writeHead(401).end(JSON.stringify({ code: "SIGNED_OUT", detail })),
  );
  const place = { doors: [{ url: own.url }], dataDir: null, named: own.url };
  const refusal = async (token: string | undefined, kept?: string) => {
    const asked = new Dashboard(place, token, () => kept).call("GET", "/x");
    return asked.catch((error: unknown) =>
      error instanceof Refused ? [error.exitCode, error.message] : error,
    );
  };
  expect(await refusal(undefined)).toEqual([
    77,
    "This dashboard asks who you are. On its own host use the socket (--data FOLDER, as its user); from elsewhere: unstuck login URL.",
  ]);
  expect(await refusal("given")).toEqual([77, `${detail} It is the one in UNSTUCK_TOKEN.`]);
  expect(await refusal(undefined, "kept")).toEqual([77, `${detail} Then: unstuck login URL.`]);
});
