import { Agent, request } from "node:http";
import type { Answer } from "./server";

/** One connection to a server that stays open: who can accept no new one still answers on it. */
export function keptConnection(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    api: (method: string, path: string, body?: unknown) =>
      new Promise<{ status: number; body: Answer }>((resolve, reject) => {
        const sent = request(`${origin}${path}`, { method, agent, headers: headersOf(body) }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parsed(text) }));
          response.on("error", reject);
        });
        sent.on("error", reject);
        sent.end(body === undefined ? undefined : JSON.stringify(body));
      }),
    close: () => agent.destroy(),
  };
}

function headersOf(body: unknown): Record<string, string> {
  return body === undefined ? {} : { "content-type": "application/json" };
}

function parsed(text: string): Answer {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
