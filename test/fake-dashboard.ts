import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { newDataDir } from "./server";

/** What a dashboard answers, told by the test: `"POST /api/v1/x"` → status and body. For answers a real one gives only in a race. */
export type FakeAnswers = Record<string, (body: unknown) => { status?: number; body: unknown }>;

export type FakeDashboard = {
  readonly socketOf: string;
  /** `METHOD /path` of every request that may change something, with its body. */
  readonly changes: { readonly call: string; readonly body: unknown }[];
  close(): Promise<void>;
};

export async function fakeDashboard(answers: FakeAnswers): Promise<FakeDashboard> {
  const socketOf = newDataDir();
  const changes: { call: string; body: unknown }[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const call = `${request.method} ${request.url?.split("?")[0]}`;
      const isDry = typeof body === "object" && body !== null && "dryRun" in body && body.dryRun === true;
      if (request.method !== "GET" && !isDry) changes.push({ call, body });
      const { status = 200, body: answer } = answers[call]?.(body) ?? notThere(call);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(join(socketOf, "unstuck.sock"), resolve));
  return {
    socketOf,
    changes,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? undefined : JSON.parse(text);
}

function notThere(call: string) {
  return { status: 404, body: { code: "ROUTE_NOT_FOUND", detail: `nothing at ${call}` } };
}
