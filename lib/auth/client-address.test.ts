import { describe, expect, test } from "vitest";
import { clientOf } from "./client-address";

const FORGED = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };

describe("without a proxy", () => {
  const of = clientOf([]);

  test("the address is that of the connection, and nothing that a client sends is believed", () => {
    expect(of("198.51.100.4", {})).toEqual({ address: "198.51.100.4", secure: false });
    expect(of("198.51.100.4", FORGED)).toEqual({ address: "198.51.100.4", secure: false });
    expect(of("127.0.0.1", FORGED)).toEqual({ address: "127.0.0.1", secure: false });
  });

  test.each([
    ["::1", "::1"],
    ["2001:db8::1", "2001:db8::1"],
    ["::ffff:198.51.100.4", "198.51.100.4"],
    ["::FFFF:198.51.100.4", "198.51.100.4"],
    ["fe80::1%eth0", "fe80::1"],
  ])("%s is %s", (peer, address) => {
    expect(of(peer, {})).toEqual({ address, secure: false });
  });

  test("a connection without an address, as through a Unix socket, has none, whatever it sends", () => {
    expect(of(undefined, FORGED)).toEqual({ address: null, secure: false });
    expect(of("", FORGED)).toEqual({ address: null, secure: false });
  });
});

describe("behind proxies that are listed", () => {
  const of = clientOf(["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"]);
  const through = (peer: string, forwarded: string | string[]) =>
    of(peer, { "x-forwarded-for": forwarded }).address;

  test("the address is what the nearest one has written", () => {
    expect(through("127.0.0.1", "198.51.100.4")).toBe("198.51.100.4");
    expect(through("::ffff:127.0.0.1", "198.51.100.4")).toBe("198.51.100.4");
    expect(through("10.1.2.3", "2001:db8::1")).toBe("2001:db8::1");
    expect(through("2001:db8:1::5", "198.51.100.4")).toBe("198.51.100.4");
  });

  test.each([
    ["in front", "203.0.113.9, 198.51.100.4"],
    ["as a listed proxy", "10.9.9.9, 198.51.100.4"],
    ["several times", "203.0.113.9, 10.9.9.9, 203.0.113.8, 198.51.100.4"],
    ["without sense", "unknown, , 198.51.100.4"],
    ["in a header of its own", ["203.0.113.9", "198.51.100.4"]],
  ])("what a client has written %s is not believed", (_, forwarded) => {
    expect(through("127.0.0.1", forwarded)).toBe("198.51.100.4");
  });

  test("several proxies are gone through, as far as each is listed", () => {
    expect(through("127.0.0.1", "203.0.113.9, 198.51.100.4, 10.0.0.2")).toBe("198.51.100.4");
    expect(through("127.0.0.1", "203.0.113.9, 198.51.100.4, 11.0.0.2, 10.0.0.2")).toBe("11.0.0.2");
    expect(through("10.0.0.1", "10.0.0.3, 10.0.0.2")).toBe("10.0.0.3");
  });

  test("what is no address ends the way there: the last that is known counts", () => {
    expect(through("127.0.0.1", "198.51.100.4, unknown")).toBe("127.0.0.1");
    expect(through("127.0.0.1", "198.51.100.4, unknown, 10.0.0.2")).toBe("10.0.0.2");
    expect(through("127.0.0.1", "")).toBe("127.0.0.1");
    expect(through("127.0.0.1", " , ")).toBe("127.0.0.1");
  });

  test.each([
    ["198.51.100.4:4711", "198.51.100.4"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["[2001:db8::1]:4711", "2001:db8::1"],
    ["::ffff:198.51.100.4", "198.51.100.4"],
    ["[::ffff:198.51.100.4]:80", "198.51.100.4"],
  ])("%s is %s", (written, address) => {
    expect(through("127.0.0.1", written)).toBe(address);
  });

  test.each(["198.51.100.4:x", "[198.51.100.4", "198.51.100", "999.1.1.1", "example.org", "1e3", "_hidden"])(
    "%s is no address",
    (written) => {
      expect(through("127.0.0.1", written)).toBe("127.0.0.1");
    },
  );

  test("one that is not listed is a client like any other", () => {
    expect(of("11.0.0.1", FORGED)).toEqual({ address: "11.0.0.1", secure: false });
    expect(of("2001:db8:2::1", FORGED)).toEqual({ address: "2001:db8:2::1", secure: false });
  });

  test("TLS is believed of a listed one, by the word of the nearest", () => {
    const secure = (proto: string | string[] | undefined) =>
      of("127.0.0.1", { "x-forwarded-for": "198.51.100.4", "x-forwarded-proto": proto }).secure;
    expect(["https", "HTTPS", "http, https", ["http", "https"]].map(secure)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([undefined, "", "http", "https, http", "httpsx"].map(secure)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});

test("a listed network of IPv4 is not found among addresses of IPv6, nor the other way round", () => {
  const of = clientOf(["0.0.0.0/0"]);
  expect(of("2001:db8::1", FORGED).address).toBe("2001:db8::1");
  expect(clientOf(["::/0"])("198.51.100.4", FORGED).address).toBe("198.51.100.4");
});
