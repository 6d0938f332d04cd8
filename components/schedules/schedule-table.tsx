"use client";

import Link from "next/link";
import { useTitles } from "@/components/jobs/use-titles";
import { Table, Td, Th, Tr } from "@/components/ui/table";
import type { ListedSchedule } from "@/lib/contracts/schedule";
import { LastTime } from "./last-time";
import { NextTime } from "./next-time";
import { ScheduleState, ScheduleWords } from "./schedule-words";

/** All schedules, by their next time. */
export function ScheduleTable({ items }: { items: readonly ListedSchedule[] }) {
  const titleOf = useTitles();
  return (
    <Table caption="Schedules by their next time">
      <thead className="max-md:sr-only">
        <tr>
          <Th>Job</Th>
          <Th className="max-md:hidden">When</Th>
          <Th className="max-md:hidden">Next</Th>
          <Th className="max-md:hidden">State</Th>
          <Th className="max-lg:hidden">Last time</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((schedule) => (
          <ScheduleRow key={schedule.id} schedule={schedule} jobTitle={titleOf(schedule.job)} />
        ))}
      </tbody>
    </Table>
  );
}

function ScheduleRow({ schedule, jobTitle }: { schedule: ListedSchedule; jobTitle: string }) {
  const { id, job, title, last } = schedule;
  return (
    <Tr data-row={id} className="first:max-md:border-t-0">
      <Td className="align-top wrap-anywhere md:w-[22%]">
        <Link href={`/jobs/${job}`} data-row-link className="font-medium underline-offset-4 hover:underline">
          {jobTitle}
        </Link>
        <div className="mt-1 flex flex-col gap-0.5 text-xs md:hidden">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <ScheduleWords schedule={schedule} />
            <ScheduleState schedule={schedule} />
          </p>
          {title !== null && <p className="text-muted">{title}</p>}
          <p>
            <span className="text-faint">Next </span>
            <NextTime schedule={schedule} />
          </p>
          <p>
            <span className="text-faint">Last </span>
            <LastTime last={last} />
          </p>
        </div>
      </Td>
      <Td className="align-top max-md:hidden md:w-[26%]">
        <ScheduleWords schedule={schedule} />
        {title !== null && <p className="text-xs text-muted wrap-anywhere">{title}</p>}
      </Td>
      <Td className="align-top max-md:hidden">
        <NextTime schedule={schedule} />
      </Td>
      <Td className="align-top whitespace-nowrap max-md:hidden">
        {schedule.enabled && schedule.next !== null ? "active" : <ScheduleState schedule={schedule} />}
      </Td>
      <Td className="max-w-0 align-top max-lg:hidden lg:w-[26%]">
        <LastTime last={last} brief />
      </Td>
    </Tr>
  );
}
