import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { AuditEntry } from "@/lib/domain/ports/audit";
import { problemResponse } from "@/lib/http/problem";
import { aSession, aUser } from "@/test/accounts";
import { T0 } from "@/test/factories";
import { temporaryFolder } from "@/test/folders";
import { type AuthNeeds, keyRotation, openAuth, openKeyring } from "./auth";
import { hashOf } from "./secrets";

const SECRET = "s".repeat(43);

/** A door with one session, of a user who may look at everything. */
function given(changes: Partial<AuthNeeds> = {}) {
  const folder = temporaryFolder();
  const clock = { at: T0 };
  const audits: AuditEntry[] = [];
  const failures: unknown[] = [];
  const user = aUser(1, { role: "viewer" });
  const { hash: _, ...session } = aSession(1, user.id);
  const auth = openAuth({
    folder: "wrk_1",
    keyring: openKeyring(join(folder, "_secret-key"), null),
    setUpCode: join(folder, "_set-up-code"),
    open: false,
    trustedProxies: ["10.0.0.1"],
    origin: "http://127.0.0.1:3000",
    provider: null,
    proxy: null,
    credentials: {
      sessionByHash: (hash) => (hash === hashOf(SECRET) ? { session, user } : null),
      tokenByHash: () => null,
      userByName: () => null,
      hasUsers: () => true,
      noteSeen: async () => undefined,
      noteUsed: async () => undefined,
      noteThere: async () => undefined,
    },
    now: () => clock.at,
    sameToken: (one, other) => one === other,
    jobOf: async () => null,
    jobOfRun: async () => null,
    recordAudit: async (entry) => void audits.push(entry),
    toResponse: problemResponse,
    onFailure: (error) => failures.push(error),
    onProviderFailure: (refusal) => failures.push(refusal),
    ...changes,
  });
  const cookie = auth.cookie.set(SECRET, false).split(";", 1)[0] ?? "";
  const ask = (method: string, url: string, headers: Record<string, string> = { cookie }) =>
    auth.admit({
      method,
      url,
      headers: { ...headers, origin: "http://x" },
      peer: "198.51.100.4",
      byOwner: false,
    });
  return { auth, folder, clock, audits, failures, ask, cookie };
}

describe("what is refused", () => {
  test("is recorded once a minute for each who asks for the same, and what else is asked for beside it", async () => {
    const { ask, audits, clock } = given();
    for (let time = 0; time < 5; time += 1) await ask("GET", "/api/v1/users");
    await ask("POST", "/api/v1/users");
    await ask("GET", "/api/v1/tokens");
    expect(audits.map(({ details }) => `${details?.method} ${details?.path}`)).toEqual([
      "GET /api/v1/users",
      "POST /api/v1/users",
      "GET /api/v1/tokens",
    ]);
    clock.at += 60_000;
    await ask("GET", "/api/v1/users");
    expect(audits).toHaveLength(4);
  });

  test("is recorded again after the clock was set back", async () => {
    const { ask, audits, clock } = given();
    await ask("GET", "/api/v1/users");
    clock.at -= 3_600_000;
    await ask("GET", "/api/v1/users");
    expect(audits).toHaveLength(2);
  });

  test("is recorded with by what and from where it was asked", async () => {
    const { ask, audits } = given();
    await ask("GET", "/api/v1/users");
    expect(audits).toMatchObject([
      {
        actor: "user-1",
        action: "access.refused",
        refused: true,
        by: { via: "session", viaId: aSession(1, aUser(1).id).id, address: "198.51.100.4" },
      },
    ]);
  });

  test("is refused also when it cannot be recorded, which is told", async () => {
    const failure = new Error("The disk is full.");
    const { ask, failures } = given({ recordAudit: () => Promise.reject(failure) });
    expect(await ask("GET", "/api/v1/users")).toMatchObject({ refusal: { status: 403 } });
    await Promise.resolve();
    expect(failures).toEqual([failure]);
  });
});

describe("calls of programs that did not say who they are", () => {
  test("are counted, with what they are and from where", async () => {
    const { auth, ask, clock } = given();
    const agent = { "user-agent": "curl/8.5.0" };
    await ask("GET", "/api/v1/status?x=1", agent);
    clock.at += 5;
    await ask("GET", "/api/v1/status", agent);
    expect(auth.refusedCalls()).toEqual([
      { what: "GET /api/v1/status", agent: "curl/8.5.0", address: "198.51.100.4", count: 2, at: T0 + 5 },
    ]);
  });

  test("are none of a browser whose session is over", async () => {
    const { auth, ask } = given();
    await ask("GET", "/api/v1/status", { cookie: "unstuck=old" });
    await ask("GET", "/api/v1/status", { "sec-fetch-mode": "cors" });
    expect(auth.refusedCalls()).toEqual([]);
  });
});

describe("what services are given", () => {
  test("hashes and checks passwords, and the code of the first start", async () => {
    const { auth, folder } = given();
    const { host, code } = auth;
    expect(await host.checkPassword("correct horse", await host.hashPassword("correct horse"))).toMatchObject(
      {
        ok: true,
      },
    );
    expect(host.isSetUpCode("guess")).toBe(false);
    expect(host.isSetUpCode(code.read())).toBe(true);
    host.forgetSetUpCode();
    expect(existsSync(join(folder, "_set-up-code"))).toBe(false);
  });

  test("names the dashboard in what an authenticator app shows", () => {
    expect(given().auth.host.totpUri("ABC", "anna")).toBe(
      "otpauth://totp/Unstuck:anna?secret=ABC&issuer=Unstuck",
    );
  });
});

describe("another key", () => {
  const keyFile = () => {
    const file = join(temporaryFolder(), "_secret-key");
    return { file, keyring: openKeyring(file, null) };
  };

  test("takes the place of the old one once everything is sealed with it", async () => {
    const { file, keyring } = keyFile();
    const sealed = keyring.seal("text", "a");
    const seen: unknown[] = [];
    let renewed = "";
    await keyRotation({ keyring, file, given: null }, async () => {
      seen.push(keyring.isCurrent(sealed), readFileSync(file, "utf8").trim().split("\n").length);
      renewed = keyring.seal(keyring.unseal(sealed, "a"), "a");
    })();
    expect(seen).toEqual([false, 2]);
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(1);
    expect(openKeyring(file, null).unseal(renewed, "a")).toBe("text");
    expect(() => keyring.unseal(sealed, "a")).toThrow(expect.objectContaining({ code: "SECRET_UNREADABLE" }));
  });

  test("leaves the old one where it is when something could not be sealed again", async () => {
    const { file, keyring } = keyFile();
    const sealed = keyring.seal("text", "a");
    const failure = new Error("The disk is full.");
    const rotate = keyRotation({ keyring, file, given: null }, () => Promise.reject(failure));
    await expect(rotate()).rejects.toBe(failure);
    expect(keyring.unseal(sealed, "a")).toBe("text");
    expect(openKeyring(file, null).unseal(sealed, "a")).toBe("text");
    expect(openKeyring(file, null).isCurrent(keyring.seal("new", "a"))).toBe(true);
  });

  test("asked for twice at once is made twice, one after the other: what either sealed opens afterwards", async () => {
    const { file, keyring } = keyFile();
    let sealed = keyring.seal("text", "a");
    const rotate = keyRotation({ keyring, file, given: null }, async () => {
      const text = keyring.unseal(sealed, "a");
      sealed = keyring.seal(text, "a");
      // The other one would put its key in here, and this one's sealing would be of a key that is forgotten.
      await nextTurn();
    });
    await Promise.all([rotate(), rotate(), rotate()]);
    expect(keyring.unseal(sealed, "a")).toBe("text");
    expect(openKeyring(file, null).unseal(sealed, "a")).toBe("text");
    expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(1);
  });

  test("is the user's own matter where they have named the file", async () => {
    const { file, keyring } = keyFile();
    const given = `${file}.given`;
    writeFileSync(given, readFileSync(file));
    const rotated = keyRotation({ keyring, file, given }, () => Promise.reject(new Error("It began.")))();
    await expect(rotated).rejects.toMatchObject({ code: "SECRET_KEY_GIVEN", details: { file: given } });
    expect(readFileSync(given, "utf8")).toBe(readFileSync(file, "utf8"));
  });
});
