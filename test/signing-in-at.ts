import { randomBytes } from "node:crypto";
import { signInProvider } from "@/lib/auth/provider";
import { sealWith } from "@/lib/auth/seal";
import type { AppError } from "@/lib/domain/errors";
import type { ProviderSettings } from "@/lib/domain/sign-in-settings";
import { CLIENT_SECRET, type FakeProvider } from "./fake-provider";

export const HERE = "http://127.0.0.1:3000";
export const WISH = { next: "/jobs", link: null };
const keyring = sealWith([randomBytes(32)]);

/** What signs people in at a provider of the tests. */
export function signingInAt(
  provider: FakeProvider,
  changes: Partial<ProviderSettings> = {},
  timeoutMs = 2_000,
) {
  const failures: AppError[] = [];
  const clock = { skipMs: 0 };
  const settings = {
    issuer: provider.origin,
    clientId: "unstuck",
    clientSecret: CLIENT_SECRET,
    name: "Example",
    scopes: "openid profile",
    roleClaim: "groups",
    roles: [],
    sessionMs: 1,
    signOutThere: true,
    ...changes,
  };
  const now = () => Date.now() + clock.skipMs;
  const onFailure = (refusal: AppError) => failures.push(refusal);
  const sut = signInProvider({ settings, origin: HERE, sealing: keyring, now, onFailure, timeoutMs });
  /** Signs in, with what the browser is sent back with changed by the test. */
  const signIn = async (
    change: (query: URLSearchParams) => void = () => {},
    address = (url: string) => url,
  ) => {
    const { url, keep } = await sut.begin(WISH, null);
    const query = provider.authorize(address(url));
    change(query);
    return sut.resume(query.toString(), keep).person();
  };
  return { sut, signIn, failures, clock };
}

export const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "none",
    ({ code }: AppError) => code,
  );
