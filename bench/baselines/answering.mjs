import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";

/** answering.mjs FILE memory|stream: answers everything with FILE and prints its port; ends with its standard input. */

const [file = "", from] = process.argv.slice(2);
const bytes = from === "memory" ? readFileSync(file) : null;

const server = createServer((request, response) => {
  request.resume();
  const headers = { "content-type": "application/octet-stream", "cache-control": "no-store" };
  if (bytes !== null) {
    response.writeHead(200, { ...headers, "content-length": bytes.length });
    response.end(bytes);
    return;
  }
  response.writeHead(200, { ...headers, "content-length": statSync(file).size });
  createReadStream(file).pipe(response);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") process.stdout.write(`${address?.port}\n`);
});
process.stdin.resume().once("end", () => process.exit(0));
