import { z } from "zod";
import { parseScheduleId, SCHEDULE_ID_PATTERN, type ScheduleId } from "@/lib/domain/ids";
import { MISSED_POLICIES, MOST_MISSED, OVERLAPS, SLOT_MODES, SLOT_STATES } from "@/lib/domain/schedule";
import { StartBody } from "./actions";
import { JobIdParam } from "./job";
import { Instant, PageQuery, pageOf } from "./page";
import { ValuesBody, ValuesView } from "./parameters";

const DAY_MS = 86_400_000;
const YEAR_MS = 366 * DAY_MS;

const ScheduleIdParam = z.string().transform((text, ctx): ScheduleId => {
  const id = parseScheduleId(text);
  if (id !== null) return id;
  ctx.addIssue({
    code: "custom",
    message: `expected a schedule's id (${SCHEDULE_ID_PATTERN.source}), found ${JSON.stringify(text.slice(0, 80))}`,
  });
  return z.NEVER;
});

/** The path segments `:job` and `:schedule`. */
export const ScheduleParams = z.object({ job: JobIdParam, schedule: ScheduleIdParam });

const When = z.union(
  [
    z.strictObject({ by: z.literal("cron"), expression: z.string().trim().min(1).max(200) }),
    z.strictObject({
      by: z.literal("interval"),
      everyMs: z.number().int().min(1_000).max(YEAR_MS),
      from: Instant,
    }),
  ],
  {
    error:
      'expected {"by": "cron", "expression": "0 3 * * *"}, or {"by": "interval", "everyMs": 3600000, "from": "2026-01-01T00:00:00Z"} with at least 1000 ms',
  },
);

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function isDay(text: string): boolean {
  return DAY.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
}

const Dates = z.string().refine(
  (text) => {
    const [from = "", to = from, ...more] = text.split("/");
    return (
      more.length === 0 &&
      [from, to].every((day) => DAY.test(day) && !Number.isNaN(Date.parse(day)) && isDay(day)) &&
      from <= to
    );
  },
  { error: "expected a day such as 2026-12-24, or two with a slash between them, the earlier first" },
);

const DaysOff = z.strictObject({
  dates: z.array(Dates).max(500),
  weekdays: z.array(z.number().int().min(0).max(6)).max(7),
});

const timing = {
  when: When,
  /** An IANA name, such as Europe/Vienna. */
  timezone: z.string().trim().min(1).max(80),
  daysOff: DaysOff.partial().strict(),
  startsAt: Instant.nullable(),
  endsAt: Instant.nullable(),
};

const fields = {
  ...timing,
  title: z.string().trim().min(1).max(120).nullable(),
  jitterMs: z.number().int().min(0).max(DAY_MS),
  enabled: z.boolean(),
  missed: z
    .strictObject({ policy: z.enum(MISSED_POLICIES), most: z.number().int().min(1).max(MOST_MISSED) })
    .partial({ most: true }),
  overlap: z.enum(OVERLAPS),
  mode: z.enum(SLOT_MODES),
  args: StartBody.shape.args.unwrap().nullable(),
  parameters: ValuesBody.nullable(),
};

/** POST /api/v1/jobs/:job/schedules */
export const CreateScheduleBody = z.strictObject(fields).partial().required({ when: true, timezone: true });
export type CreateScheduleInput = z.input<typeof CreateScheduleBody>;

/** PATCH …/schedules/:schedule: any of the fields, and the version they were read at. */
export const PatchScheduleBody = z.strictObject({
  ...z.object(fields).partial().shape,
  version: z.number().int().min(1),
});
export type PatchScheduleInput = z.input<typeof PatchScheduleBody>;

/** POST /api/v1/schedules/preview */
export const PreviewBody = z
  .strictObject({ ...timing, count: z.number().int().min(1).max(100) })
  .partial()
  .required({ when: true, timezone: true });
export type PreviewInput = z.input<typeof PreviewBody>;

/** `words`: what a change of clocks has to do with it; null: nothing. `local`: as a clock on the wall shows it there. */
export const DueTimeView = z.object({
  at: Instant,
  local: z.string(),
  offset: z.string(),
  words: z.string().nullable(),
});
export type DueTimeView = z.infer<typeof DueTimeView>;

/** `words`: when that is, in a sentence such as `Every day at 03:00`; the expression where it has none. */
export const PreviewAnswer = z.object({
  timezone: z.string(),
  words: z.string(),
  times: z.array(DueTimeView),
});
export type PreviewAnswer = z.infer<typeof PreviewAnswer>;

const WhenView = z.union([
  z.object({ by: z.literal("cron"), expression: z.string() }),
  z.object({ by: z.literal("interval"), everyMs: z.number().int(), from: Instant }),
]);

export const ScheduleView = z.object({
  id: z.string(),
  job: z.string(),
  title: z.string().nullable(),
  when: WhenView,
  /** `when` in a sentence such as `Every day at 03:00`; the expression where it has none. */
  words: z.string(),
  timezone: z.string(),
  daysOff: z.object({ dates: z.array(z.string()), weekdays: z.array(z.number().int()) }),
  startsAt: Instant.nullable(),
  endsAt: Instant.nullable(),
  jitterMs: z.number().int(),
  enabled: z.boolean(),
  missed: z.object({ policy: z.enum(MISSED_POLICIES), most: z.number().int() }),
  overlap: z.enum(OVERLAPS),
  mode: z.enum(SLOT_MODES),
  args: z.array(z.string()).nullable(),
  parameters: ValuesView.nullable(),
  version: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
  /** The next time; null: none will come, or it is not enabled. */
  next: DueTimeView.nullable(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;
export const SlotView = z.object({
  slot: Instant,
  state: z.enum(SLOT_STATES),
  run: z.string().nullable(),
  why: z.string().nullable(),
  count: z.number().int(),
  at: Instant,
});
export type SlotView = z.infer<typeof SlotView>;
export const SlotPage = pageOf(SlotView);
export const ListSlotsQuery = PageQuery;

/** `last`: its newest time that has come, and what became of that; null: none has. */
export const ListedSchedule = ScheduleView.extend({ last: SlotView.nullable() });
export type ListedSchedule = z.infer<typeof ListedSchedule>;
export const ScheduleList = z.object({ items: z.array(ListedSchedule) });

const MOST_HOURS = 7 * 24;
const USUAL_HOURS = 24;

/** GET /api/v1/schedules/upcoming */
export const UpcomingQuery = z.object({
  hours: z.coerce.number().int().min(1).max(MOST_HOURS).default(USUAL_HOURS),
});

/** `sampledMs` null: each of its times; else one for each so many milliseconds in which there are any. */
export const UpcomingView = z.object({
  id: z.string(),
  job: z.string(),
  title: z.string().nullable(),
  words: z.string(),
  times: z.array(Instant),
  sampledMs: z.number().int().nullable(),
});
export type UpcomingView = z.infer<typeof UpcomingView>;

/** By the next time. `left`: how many further schedules are due in these hours. */
export const UpcomingAnswer = z.object({
  from: Instant,
  to: Instant,
  items: z.array(UpcomingView),
  left: z.number().int(),
});
export type UpcomingAnswer = z.infer<typeof UpcomingAnswer>;
