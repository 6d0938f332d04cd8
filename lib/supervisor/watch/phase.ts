/**
 * What is being done about a watched run at this moment. A stop can come while a launch or a look is under way, and does not wait
 * for it: the launch or the look then ends beside it, and gives way.
 */
export type Phase =
  | "resting"
  | "launching"
  | "looking"
  | "ending"
  | "launching, being ended"
  | "looking, being ended";

/** What can be begun. `launch`: from its claim until its launch has been written down. `look`: whether it has ended by itself. */
export type Work = "launch" | "look" | "end";

/** What can begin where; a work that is not named waits for its turn, or is being done already. */
const BEGINS: Readonly<Record<Phase, Partial<Record<Work, Phase>>>> = {
  resting: { launch: "launching", look: "looking", end: "ending" },
  launching: { end: "launching, being ended" },
  looking: { end: "looking, being ended" },
  // A stop can be taken up between the claim and the launch.
  ending: { launch: "launching, being ended" },
  "launching, being ended": {},
  "looking, being ended": {},
};

const ENDS: Readonly<Record<Phase, Partial<Record<Work, Phase>>>> = {
  resting: {},
  launching: { launch: "resting" },
  looking: { look: "resting" },
  ending: { end: "resting" },
  "launching, being ended": { launch: "ending", end: "launching" },
  "looking, being ended": { look: "ending", end: "looking" },
};

type Phased = { phase: Phase };

/** @returns whether it has begun; if not, nothing is changed */
export function begin(watched: Phased, work: Work): boolean {
  const next = BEGINS[watched.phase][work];
  if (next === undefined) return false;
  watched.phase = next;
  return true;
}

/** The work is over, however it went. Does nothing for one that is not under way. */
export function end(watched: Phased, work: Work): void {
  watched.phase = ENDS[watched.phase][work] ?? watched.phase;
}

export function isLaunching({ phase }: Readonly<Phased>): boolean {
  return phase === "launching" || phase === "launching, being ended";
}

export function isLooking({ phase }: Readonly<Phased>): boolean {
  return phase === "looking" || phase === "looking, being ended";
}

/** While its tree is being ended, noticing its end is that procedure's business alone. */
export function isEnding({ phase }: Readonly<Phased>): boolean {
  return phase === "ending" || phase === "launching, being ended" || phase === "looking, being ended";
}
