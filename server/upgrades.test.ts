import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { guardedUpgrades } from "./upgrades.mjs";

const CONFIG = {
  allowedHosts: ["127.0.0.1"],
  beyondLoopback: false,
  host: "127.0.0.1",
  port: 0,
  dataDir: "/none",
  open: false,
  trustedProxies: [],
};

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** What an upgrade is answered, with Next's listener there, which takes whatever reaches it. */
async function upgrade(path: string, headers: Record<string, string>, dev = true): Promise<string> {
  server = createServer((_request, response) => response.end("a plain answer"));
  guardedUpgrades(server, CONFIG, { dev }).on("upgrade", (_request, socket) =>
    socket.end("HTTP/1.1 101 Next\r\n\r\n"),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const socket = connect(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  const lines = Object.entries({ connection: "Upgrade", upgrade: "websocket", ...headers });
  socket.write(
    `GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`,
  );
  const [chunk] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return chunk.toString();
}

const HMR = "/_next/hmr?id=x";
const OURS = { host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" };

test("CR-7.1 hot reloading of our own page reaches Next", async () => {
  expect(await upgrade(HMR, OURS)).toContain("101 Next");
});

test("CR-7.1 a WebSocket that a page of another site opens, or that names a foreign host, is refused before Next sees it", async () => {
  const foreign = await upgrade(HMR, { ...OURS, origin: "https://evil.example" });
  expect(foreign).toContain("HTTP/1.1 403");
  expect(foreign).toContain("FOREIGN_ORIGIN");
  expect(foreign.toLowerCase()).toContain("x-frame-options: deny");
});

test("CR-7.1 a WebSocket under a foreign name is refused before Next sees it", async () => {
  const rebound = await upgrade(HMR, { host: "evil.example", origin: "http://evil.example" });
  expect(rebound).toContain("HTTP/1.1 421");
});

test("CR-7.1 what Next would leave open for ever is told that there is nothing to upgrade to", async () => {
  expect(await upgrade("/api/v1/jobs", OURS)).toContain("HTTP/1.1 400");
});

test("CR-7.1 in production a request for an upgrade is answered as the plain request it also is", async () => {
  expect(await upgrade(HMR, OURS, false)).toContain("a plain answer");
});
