import type { SignOutThere } from "./ports/identities";

/** What became of it at the provider. What a person has answered there is not known, so it is not claimed. */
const SENTENCES = {
  "sign-out": (name) => `Your session here is over, and ${name} was asked to sign you out there too.`,
  nothing: (name) =>
    `Your session here is over. ${name} offers no way to sign out from here, so you may still be signed in there.`,
  unknown: (name) =>
    `Your session here is over. ${name} could not be asked to sign you out too, so you may still be signed in there.`,
} as const satisfies Record<SignOutThere["can"], (name: string) => string>;

/**
 * For `?signedOut=` of the page `/sign-in`.
 * @param name what the provider is called
 * @returns null: that is nothing we say
 */
export function signedOutInWords(outcome: string | undefined, name: string): string | null {
  return outcome !== undefined && Object.hasOwn(SENTENCES, outcome)
    ? SENTENCES[outcome as SignOutThere["can"]](name)
    : null;
}
