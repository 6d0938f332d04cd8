/** What an admin can do to a user with one press, beside changing, resetting the password and deleting. */
export const USER_ACTIONS = ["remove-second-factor", "end-sessions", "disable", "enable"] as const;
export type UserAction = (typeof USER_ACTIONS)[number];

type Words = {
  readonly menu: string;
  readonly title: (name: string) => string;
  readonly about: string;
  readonly button: string;
  readonly done: (name: string) => string;
  readonly refused: string;
};

export const ACTION_WORDS = {
  "remove-second-factor": {
    menu: "Remove second factor…",
    title: (name) => `Remove the second factor of ${name}?`,
    about:
      "For a lost phone: the user is signed out, and the password alone is enough to sign in until a new second factor is set up. The recovery codes go too. Make sure that it is really the user who asks.",
    button: "Remove second factor",
    done: (name) => `The second factor of ${name} was removed`,
    refused: "The second factor was not removed",
  },
  "end-sessions": {
    menu: "End all sessions…",
    title: (name) => `End all sessions of ${name}?`,
    about:
      "The user is signed out in every browser and has to sign in again. Runs are not affected, and tokens stay good.",
    button: "End sessions",
    done: (name) => `The sessions of ${name} were ended`,
    refused: "The sessions were not ended",
  },
  disable: {
    menu: "Disable…",
    title: (name) => `Disable ${name}?`,
    about:
      "The user is signed out everywhere and cannot sign in until you enable it again. Its runs go on, and tokens that it has made stay good: revoke those separately.",
    button: "Disable user",
    done: (name) => `${name} is disabled`,
    refused: "The user was not disabled",
  },
  enable: {
    menu: "Enable…",
    title: (name) => `Enable ${name}?`,
    about: "The user can sign in again, with the same password and the same rights as before.",
    button: "Enable user",
    done: (name) => `${name} is enabled`,
    refused: "The user was not enabled",
  },
} as const satisfies Record<UserAction, Words>;

type ActionFacts = { readonly disabled: boolean; readonly secondFactor: boolean };

/** What can be done to a user as it is now; to oneself nothing of it, which is what the page Account is for. */
export function actionsFor({ disabled, secondFactor }: ActionFacts, isMe: boolean): readonly UserAction[] {
  if (isMe) return [];
  return [
    ...(secondFactor ? (["remove-second-factor"] as const) : []),
    ...(disabled ? (["enable"] as const) : (["end-sessions", "disable"] as const)),
  ];
}
