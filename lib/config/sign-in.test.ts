import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readListenConfig } from "@/server/listen-config.mjs";
import { readSignIn } from "./sign-in";

const folder = mkdtempSync(join(tmpdir(), "unstuck-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(env: Record<string, string>) {
  const all = env as unknown as NodeJS.ProcessEnv;
  const listen = readListenConfig(all, "/srv/unstuck");
  return readSignIn(all, listen.ok ? listen.config : null);
}

const PROVIDER = { UNSTUCK_OIDC_ISSUER: "https://login.example.org", UNSTUCK_OIDC_CLIENT_ID: "unstuck" };
const PROXY = { UNSTUCK_TRUSTED_HEADER: "X-Remote-User", UNSTUCK_TRUSTED_PROXIES: "10.0.0.7" };

test("without any of it there is only the password", () => {
  const nothing = { config: { provider: null, proxy: null, publicUrl: null }, problems: [] };
  expect(read({})).toEqual(nothing);
  expect(read({ UNSTUCK_OIDC_ISSUER: "", UNSTUCK_TRUSTED_HEADER: "", UNSTUCK_PUBLIC_URL: "" })).toEqual(
    nothing,
  );
});

describe("a provider", () => {
  test("needs an issuer and a client, and has what is usual for the rest", () => {
    expect(read(PROVIDER)).toMatchObject({
      problems: [],
      config: {
        publicUrl: null,
        provider: {
          issuer: "https://login.example.org",
          clientId: "unstuck",
          clientSecret: null,
          name: "login.example.org",
          scopes: "openid profile email",
          roleClaim: "groups",
          roles: null,
          sessionMs: 86_400_000,
          signOutThere: true,
        },
      },
    });
  });

  test("signs people out there too unless it is switched off, and takes nothing else for off", () => {
    const there = (text: string) => read({ ...PROVIDER, UNSTUCK_OIDC_SIGN_OUT: text });
    expect(there("local")).toMatchObject({ problems: [], config: { provider: { signOutThere: false } } });
    expect(there("provider")).toMatchObject({ problems: [], config: { provider: { signOutThere: true } } });
    expect(there("off").problems).toEqual([
      expect.stringMatching(/^UNSTUCK_OIDC_SIGN_OUT: expected provider or local, found "off"/),
    ]);
  });

  test("has a secret from a variable or from a file, and a mapping of groups", () => {
    const file = join(folder, "secret");
    writeFileSync(file, "s3cret\n");
    const env = {
      ...PROVIDER,
      UNSTUCK_OIDC_CLIENT_SECRET_FILE: file,
      UNSTUCK_OIDC_ROLES: "viewer=*,admin=ops",
    };
    expect(read(env).config.provider).toMatchObject({
      clientSecret: "s3cret",
      roles: [
        { role: "admin", groups: ["ops"] },
        { role: "viewer", groups: ["*"] },
      ],
    });
    expect(read({ ...PROVIDER, UNSTUCK_OIDC_CLIENT_SECRET: "other" }).config.provider?.clientSecret).toBe(
      "other",
    );
  });

  test.each([
    ["http://login.example.org"],
    ["login.example.org"],
    ["ftp://login.example.org"],
    ["https://login.example.org/?tenant=1"],
    ["https://user:secret@login.example.org"],
  ])("is not asked at %s", (issuer) => {
    const { problems } = read({ ...PROVIDER, UNSTUCK_OIDC_ISSUER: issuer });
    expect(problems).toEqual([
      expect.stringMatching(/^UNSTUCK_OIDC_ISSUER: expected an https address .* Example: /),
    ]);
  });

  test("may speak http on this machine", () => {
    for (const issuer of ["http://127.0.0.1:9000", "http://localhost:9000/realms/main", "http://[::1]:9000"])
      expect(read({ ...PROVIDER, UNSTUCK_OIDC_ISSUER: issuer }).problems).toEqual([]);
  });

  test("has every problem reported at once, each with an example or what to do", () => {
    const { problems } = read({
      UNSTUCK_OIDC_ISSUER: "https://login.example.org",
      UNSTUCK_OIDC_CLIENT_SECRET: "hunter2-secret",
      UNSTUCK_OIDC_CLIENT_SECRET_FILE: join(folder, "missing"),
      UNSTUCK_OIDC_SCOPES: "profile",
      UNSTUCK_OIDC_ROLES: "boss=ops",
      UNSTUCK_OIDC_SESSION_HOURS: "0",
      UNSTUCK_PUBLIC_URL: "https://unstuck.example.org/path",
    });
    expect(problems).toEqual([
      expect.stringMatching(/^UNSTUCK_PUBLIC_URL: expected an https origin .* without a path/),
      expect.stringMatching(/^UNSTUCK_OIDC_CLIENT_ID: expected .* Example: UNSTUCK_OIDC_CLIENT_ID=/),
      expect.stringMatching(/^UNSTUCK_OIDC_SCOPES: expected openid among them/),
      expect.stringMatching(/^UNSTUCK_OIDC_CLIENT_SECRET_FILE: leave it or UNSTUCK_OIDC_CLIENT_SECRET out/),
      expect.stringMatching(/^UNSTUCK_OIDC_CLIENT_SECRET_FILE: ENOENT/),
      expect.stringMatching(
        /^UNSTUCK_OIDC_ROLES: expected viewer, operator, admin before each =, found "boss=ops"/,
      ),
      expect.stringMatching(/^UNSTUCK_OIDC_SESSION_HOURS: expected whole hours from 1 to 720, found "0"/),
    ]);
    expect(problems.join()).not.toContain("hunter2-secret");
  });

  test("without an issuer is a slip", () => {
    expect(read({ UNSTUCK_OIDC_CLIENT_ID: "unstuck" }).problems).toEqual([
      expect.stringMatching(/^UNSTUCK_OIDC_ISSUER: expected it with UNSTUCK_OIDC_CLIENT_ID/),
    ]);
  });

  test("is of no use without accounts", () => {
    expect(read({ ...PROVIDER, UNSTUCK_AUTH: "off" }).problems).toEqual([
      expect.stringMatching(/UNSTUCK_AUTH=off/),
    ]);
  });
});

describe("the address under which people open the dashboard", () => {
  test("is to be said where it is not this machine's alone", () => {
    const wanted = [expect.stringMatching(/^UNSTUCK_PUBLIC_URL: expected the address/)];
    for (const more of [
      { HOST: "0.0.0.0" },
      { UNSTUCK_HOSTS: "unstuck.example.org" },
      { UNSTUCK_TRUSTED_PROXIES: "127.0.0.1" },
    ])
      expect(read({ ...PROVIDER, ...more }).problems, JSON.stringify(more)).toEqual(wanted);
    expect(read({ UNSTUCK_HOSTS: "unstuck.example.org" }).problems).toEqual([]);
  });

  test("has to be one that the dashboard answers to", () => {
    const env = { ...PROVIDER, UNSTUCK_PUBLIC_URL: "https://unstuck.example.org" };
    expect(read(env).problems).toEqual([
      "UNSTUCK_PUBLIC_URL: unstuck.example.org is not a name of this dashboard. Add it: UNSTUCK_HOSTS=unstuck.example.org",
    ]);
    const known = read({ ...env, UNSTUCK_HOSTS: "unstuck.example.org" });
    expect(known).toMatchObject({ problems: [], config: { publicUrl: "https://unstuck.example.org" } });
    expect(read({ UNSTUCK_PUBLIC_URL: "http://localhost:3000/" }).config.publicUrl).toBe(
      "http://localhost:3000",
    );
    expect(read({ UNSTUCK_PUBLIC_URL: "http://192.0.2.7:3000", HOST: "0.0.0.0" }).problems).toHaveLength(1);
    expect(read({ UNSTUCK_PUBLIC_URL: "https://192.0.2.7", HOST: "0.0.0.0" }).problems).toEqual([]);
  });
});

describe("a header that a proxy sends", () => {
  test("has its name in lower case, and makes viewers", () => {
    expect(read(PROXY)).toEqual({
      config: {
        provider: null,
        publicUrl: null,
        proxy: { header: "x-remote-user", role: "viewer", groups: null },
      },
      problems: [],
    });
    expect(read({ ...PROXY, UNSTUCK_TRUSTED_HEADER_ROLE: "none" }).config.proxy?.role).toBeNull();
  });

  test("may have groups beside it", () => {
    const groups = {
      UNSTUCK_TRUSTED_HEADER_GROUPS: "X-Remote-Groups",
      UNSTUCK_TRUSTED_HEADER_ROLES: "admin=ops",
    };
    expect(read({ ...PROXY, ...groups }).config.proxy?.groups).toEqual({
      header: "x-remote-groups",
      roles: [{ role: "admin", groups: ["ops"] }],
    });
  });

  test("is refused where anyone could send it", () => {
    expect(read({ UNSTUCK_TRUSTED_HEADER: "x-remote-user" }).problems).toEqual([
      expect.stringMatching(/^UNSTUCK_TRUSTED_PROXIES: expected the addresses of the proxies .* Example: /),
    ]);
  });

  test.each(["Cookie", "authorization", "x-forwarded-for", "Host", "x remote user", "x:y", "Sec-Fetch-Site"])(
    "is not %s",
    (header) => {
      const { problems } = read({ ...PROXY, UNSTUCK_TRUSTED_HEADER: header });
      expect(problems).toEqual([
        expect.stringMatching(/^UNSTUCK_TRUSTED_HEADER: expected the name of a header/),
      ]);
    },
  );

  test("has its parts together", () => {
    for (const [name, value] of [
      ["UNSTUCK_TRUSTED_HEADER_GROUPS", "x-remote-groups"],
      ["UNSTUCK_TRUSTED_HEADER_ROLES", "admin=ops"],
    ] as const)
      expect(read({ ...PROXY, [name]: value }).problems).toEqual([
        expect.stringMatching(
          /^UNSTUCK_TRUSTED_HEADER_GROUPS: expected it with UNSTUCK_TRUSTED_HEADER_ROLES/,
        ),
      ]);
    expect(read({ ...PROXY, UNSTUCK_TRUSTED_HEADER_ROLE: "boss" }).problems).toEqual([
      expect.stringMatching(
        /^UNSTUCK_TRUSTED_HEADER_ROLE: expected viewer, operator, admin or none, found "boss"/,
      ),
    ]);
  });
});
