import { describe, expect, test } from "vitest";
import { guardRequest } from "./host-guard.mjs";

const LOOPBACK = { allowedHosts: ["127.0.0.1", "::1", "localhost", "ops.example"], beyondLoopback: false };
const BEYOND = { ...LOOPBACK, beyondLoopback: true };

type Asked = Partial<Parameters<typeof guardRequest>[0]>;

function guard(asked: Asked, config = LOOPBACK): string | null {
  const request = {
    method: "GET",
    host: "localhost:3000",
    origin: undefined,
    fetchSite: undefined,
    fetchDest: undefined,
    ...asked,
  };
  return guardRequest(request, config)?.code ?? null;
}

describe("a Host header that is ours", () => {
  const OURS = [
    "localhost",
    "localhost:3000",
    "LOCALHOST:3000",
    "LocalHost",
    "127.0.0.1",
    "127.0.0.1:65535",
    "[::1]",
    "[::1]:3000",
    "ops.example:443",
  ];
  for (const host of OURS) test(`${host} passes`, () => expect(guard({ host })).toBeNull());
});

describe("a Host header that is not ours", () => {
  const FOREIGN = [
    undefined,
    "",
    " ",
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "evil-localhost",
    "localhost.",
    "localhost:3000:3000",
    "localhost:",
    "localhost:http",
    "localhost:123456",
    "localhost@evil.example",
    "evil.example@localhost",
    "user:pw@localhost",
    "localhost/",
    "localhost/../x",
    "localhost#",
    "localhost?x",
    "localhost evil.example",
    "localhost\tx",
    "localhost,evil.example",
    "http://localhost",
    "::1",
    "[::1",
    "[::1]x",
    "[localhost]",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
    "127.0.0.2",
    "127.1",
    "2130706433",
    "0x7f.0.0.1",
    "192.168.1.5:3000",
  ];
  for (const host of FOREIGN)
    test(`${JSON.stringify(host)} is refused, whatever the method`, () => {
      for (const method of ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
        expect(guard({ host, method })).toBe("FOREIGN_HOST");
    });

  test("the refusal names what was found and what to do", () => {
    const refusal = guardRequest(
      { method: "GET", host: "evil.example", origin: undefined, fetchSite: undefined, fetchDest: undefined },
      LOOPBACK,
    );
    expect(refusal?.detail).toContain('"evil.example"');
    expect(refusal?.detail).toContain("UNSTUCK_HOSTS");
  });
});

describe("beyond loopback", () => {
  for (const host of ["192.168.1.5", "10.0.0.1:3000", "[2001:db8::1]:3000", "[::ffff:10.0.0.1]"])
    test(`the bare address ${host} passes, because only a name can be rebound`, () => {
      expect(guard({ host }, BEYOND)).toBeNull();
      expect(guard({ host }, LOOPBACK)).toBe("FOREIGN_HOST");
    });
  for (const host of ["evil.example", "192.168.1.5.evil.example", "192.168.1.999", "1.2.3.4@evil.example"])
    test(`the name ${host} is still refused`, () => expect(guard({ host }, BEYOND)).toBe("FOREIGN_HOST"));
});

describe("a request that changes something", () => {
  const SAME = ["http://localhost:3000", "HTTP://LOCALHOST:3000", "https://localhost:3000"];
  for (const origin of SAME)
    test(`passes from ${origin}`, () => expect(guard({ method: "POST", origin })).toBeNull());

  const FOREIGN = [
    "null",
    "",
    "http://evil.example",
    "http://evil.example:3000",
    "http://localhost",
    "http://localhost:3001",
    "http://127.0.0.1:3000",
    "http://localhost:3000.evil.example",
    "http://evil.example/localhost:3000",
    "http://user@localhost:3000",
    "http://localhost:3000/",
    "localhost:3000",
    "file://localhost:3000",
    "chrome-extension://localhost:3000",
  ];
  for (const origin of FOREIGN)
    test(`is refused from ${JSON.stringify(origin)}`, () => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE", "TRACE", "post"])
        expect(guard({ method, origin })).toBe("FOREIGN_ORIGIN");
    });

  test("a foreign origin does not matter for reading: the browser keeps the answer from that page", () => {
    for (const method of ["GET", "HEAD", "OPTIONS"])
      expect(guard({ method, origin: "http://evil.example", fetchSite: "cross-site" })).toBeNull();
  });

  test("without an Origin passes from a program, and is refused when a browser says it came cross-site", () => {
    expect(guard({ method: "POST" })).toBeNull();
    expect(guard({ method: "POST", fetchSite: "same-origin" })).toBeNull();
    expect(guard({ method: "POST", fetchSite: "none" })).toBeNull();
    expect(guard({ method: "POST", fetchSite: "cross-site" })).toBe("FOREIGN_ORIGIN");
  });

  test("an own Origin with a foreign Host is refused for its Host", () => {
    expect(guard({ method: "POST", host: "evil.example", origin: "http://evil.example" })).toBe(
      "FOREIGN_HOST",
    );
  });
});

describe("CR-7.1 what asks for a frame gets nothing", () => {
  for (const fetchDest of ["iframe", "frame", "fencedframe", "embed", "object"]) {
    test(`${fetchDest} is refused, whatever the method and whoever asks`, () => {
      for (const method of ["GET", "POST"])
        for (const fetchSite of ["same-origin", "cross-site", undefined])
          expect(guard({ method, fetchDest, fetchSite })).toBe("FRAME_REFUSED");
    });
  }

  test("what a tab, a script or a program asks for passes", () => {
    for (const fetchDest of ["document", "script", "style", "empty", "image", undefined])
      expect(guard({ fetchDest })).toBeNull();
  });
});
