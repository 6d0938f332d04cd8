import { request as httpRequest } from "node:http";
import type { Answer } from "./server";

export type RawRequest = {
  readonly method?: string;
  /** Sent as it stands: fetch() would tidy `..` and forbid some headers. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** A text is sent with its length, pieces are sent without. */
  readonly body?: string | readonly string[];
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Answer;
};

/** One request, byte for byte as a test wants it. An answer that comes before the body is through counts. */
export function rawRequest(origin: string, wanted: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin);
  const { method = "GET", path, headers = {}, body } = wanted;
  return new Promise((resolve, reject) => {
    const length = typeof body === "string" ? { "content-length": String(Buffer.byteLength(body)) } : {};
    let answered = false;
    const outgoing = httpRequest({
      hostname,
      port,
      method,
      path,
      agent: false,
      headers: { ...length, ...headers },
    });
    outgoing.once("response", (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      const done = () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const isJson = /json/.test(String(response.headers["content-type"]));
        const parsed: Answer = isJson && text !== "" ? JSON.parse(text) : text;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed });
        outgoing.destroy();
      };
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", done);
      response.once("error", reject);
    });
    // The server may close its side once it has refused what is still being sent.
    outgoing.on("error", (error) => {
      if (!answered) reject(error);
    });
    if (typeof body === "string") outgoing.write(body);
    else for (const piece of body ?? []) outgoing.write(piece);
    outgoing.end();
  });
}
