import { request } from "node:http";
import { expect } from "vitest";

export type Seen = {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
};

/** Keeps cookies as browsers do: by name, path and host, whatever the port. Follows no redirect by itself. */
export type Browser = {
  get(url: string | URL): Promise<Seen>;
  send(method: string, url: string, body?: unknown): Promise<Seen>;
  /** As a form of a page of that site does. */
  submit(url: string, fields: Readonly<Record<string, string>>): Promise<Seen>;
  /** Goes where it is sent, until `isThere`, which may look at what was seen or at where it would go next. */
  follow(url: string | URL, isThere: (next: URL) => boolean): Promise<URL>;
  /** Those that would go to this address. */
  cookies(url: string): string;
};

type Kept = { readonly name: string; readonly value: string; readonly path: string };

const MOST_REDIRECTS = 12;

export function browser(): Browser {
  let kept: readonly Kept[] = [];
  const sent = ({ pathname }: URL) =>
    kept
      .filter(({ path }) => pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  const keep = (line: string) => {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", ...value] = pair.split("=");
    const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? "/";
    const others = kept.filter((one) => one.name !== name || one.path !== path);
    const isGone = attributes.some((each) => /^(max-age=0|expires=Thu, 01 Jan 1970.*)$/i.test(each));
    kept = isGone ? others : [...others, { name, value: value.join("="), path }];
  };
  const send = async (
    method: string,
    address: string | URL,
    text = "",
    type = "application/json",
  ): Promise<Seen> => {
    const url = new URL(address);
    const cookie = sent(url);
    const headers = {
      ...(cookie === "" ? {} : { cookie }),
      ...(method === "GET"
        ? {}
        : {
            origin: url.origin,
            "content-type": type,
            "content-length": Buffer.byteLength(text),
          }),
    };
    const seen = await call(url, method, headers, text);
    for (const line of seen.headers.getSetCookie()) keep(line);
    return seen;
  };
  return {
    get: (url) => send("GET", url),
    send: (method, url, body) => send(method, url, body === undefined ? "" : JSON.stringify(body)),
    submit: (url, fields) =>
      send("POST", url, new URLSearchParams(fields).toString(), "application/x-www-form-urlencoded"),
    cookies: (url) => sent(new URL(url)),
    follow: async (first, isThere) => {
      let next = new URL(first);
      for (let count = 0; count < MOST_REDIRECTS; count += 1) {
        const { status, headers, body } = await send("GET", next);
        const location = headers.get("location");
        if (location === null) return expect.fail(`${next.href} leads nowhere: ${status} ${body}`);
        next = new URL(location, next);
        if (isThere(next)) return next;
      }
      return expect.fail(`Too many redirects: ${next.href}`);
    },
  };
}

function call(
  url: URL,
  method: string,
  headers: Record<string, string | number>,
  text: string,
): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("error", reject);
      response.on("end", () => {
        const all = new Headers();
        for (const [name, value] of Object.entries(response.headers))
          for (const one of Array.isArray(value) ? value : [String(value)]) all.append(name, one);
        resolve({ url, status: response.statusCode ?? 0, headers: all, body });
      });
    });
    sent.on("error", reject);
    sent.end(text);
  });
}
