import { BlockList, isIP } from "node:net";
import type { Client } from "@/lib/domain/access";

const MOST_KEPT = 1_000;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Where a request comes from. Nothing a client sends is believed: forwarding headers count only on a connection of a proxy that is listed, and
 * only as far as the proxies before it are listed too.
 * @param trusted addresses and networks, as `10.0.0.7` or `10.0.0.0/8`, each of which is valid
 */
export function clientOf(trusted: readonly string[]): (peer: string | undefined, headers: Headers) => Client {
  const isTrusted = inList(trusted);
  const kept = new Map<string, { readonly client: Client; readonly isProxy: boolean }>();
  /** Kept: connections come from few addresses, and each request asks. */
  const connected = (peer: string) => {
    const known = kept.get(peer);
    if (known !== undefined) return known;
    if (kept.size >= MOST_KEPT) kept.clear();
    const address = plain(peer);
    const made = { client: { address, secure: false }, isProxy: address !== null && isTrusted(address) };
    kept.set(peer, made);
    return made;
  };
  return (peer, headers) => {
    const { client, isProxy } = connected(peer ?? "");
    if (!isProxy || client.address === null) return client;
    const secure = lastOf(headers["x-forwarded-proto"]) === "https";
    const hops = allOf(headers["x-forwarded-for"]).map(plain);
    let { address } = client;
    // From the nearest on: what stands further left was written by the one who stands there.
    for (const hop of hops.toReversed()) {
      if (hop === null) break;
      address = hop;
      if (!isTrusted(hop)) break;
    }
    return { address, secure };
  };
}

/** Whether the other end of a connection is one of those. @param trusted as above */
export function proxiesIn(trusted: readonly string[]): (peer: string | undefined) => boolean {
  const isTrusted = inList(trusted);
  return (peer) => {
    const address = plain(peer ?? "");
    return address !== null && isTrusted(address);
  };
}

/** A list for each family: BlockList takes an address of IPv4 for one of `::/0`. */
function inList(entries: readonly string[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const entry of entries) {
    const [address = "", prefix] = entry.split("/");
    const family = familyOf(address);
    if (prefix === undefined) lists[family].addAddress(address, family);
    else lists[family].addSubnet(address, Number(prefix), family);
  }
  return (address) => lists[familyOf(address)].check(address, familyOf(address));
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}

function allOf(header: string | string[] | undefined): string[] {
  return (Array.isArray(header) ? header.join(",") : (header ?? ""))
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The nearest proxy's word. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return allOf(header).at(-1)?.toLowerCase();
}

/** IPv4 in IPv6 as IPv4, without a port or brackets; null: no address. */
function plain(text: string): string | null {
  const [, bracketed, v4] = /^\[([^\]]+)\](?::\d+)?$|^(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.exec(text) ?? [];
  const address = (bracketed ?? v4 ?? text)
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "")
    .replace(/%.*$/, "");
  return isIP(address) === 0 ? null : address;
}
