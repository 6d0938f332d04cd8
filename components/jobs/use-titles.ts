"use client";

import { useQuery } from "@tanstack/react-query";
import { broughtTitlesQuery, titlesQuery } from "@/lib/client/status";
import { useStatus } from "./use-status";

export type JobTitle = {
  readonly job: string;
  readonly title: string;
  readonly tags?: readonly string[] | undefined;
};

/** Every job with its title, by id; while they are fetched, those the page came with. */
export function useJobTitles(): readonly JobTitle[] {
  const status = useStatus();
  const { data: brought } = useQuery(broughtTitlesQuery());
  const hasAll = status !== undefined && status.total <= status.items.length;
  const { data: all } = useQuery(titlesQuery(status !== undefined && !hasAll));
  if (hasAll) return sorted(status.items);
  const fetched = status === undefined ? undefined : all;
  return sorted((fetched ?? brought ?? status)?.items ?? NONE);
}

/** Job id → title; an id that is no longer known is its own title. */
export function useTitles(): (job: string) => string {
  const jobs = useJobTitles();
  return (job) => titlesOf(jobs).get(job) ?? job;
}

/** Job id → its tags, by which a person may have a role for it; none while they are not known. */
export function useTags(): (job: string) => readonly string[] {
  const jobs = useJobTitles();
  return (job) => tagsIn(jobs).get(job) ?? NO_TAGS;
}

const NO_TAGS: readonly string[] = [];
const NONE: readonly JobTitle[] = [];
/** Every row of a list asks, and there may be thousands of jobs: once is enough. */
const sortings = new WeakMap<readonly JobTitle[], readonly JobTitle[]>();
const titles = new WeakMap<readonly JobTitle[], ReadonlyMap<string, string>>();
const tags = new WeakMap<readonly JobTitle[], ReadonlyMap<string, readonly string[]>>();

function sorted(items: readonly JobTitle[]): readonly JobTitle[] {
  const known = sortings.get(items) ?? [...items].sort((a, b) => (a.job < b.job ? -1 : 1));
  sortings.set(items, known);
  return known;
}

function titlesOf(jobs: readonly JobTitle[]): ReadonlyMap<string, string> {
  const known = titles.get(jobs) ?? new Map(jobs.map(({ job, title }) => [job, title]));
  titles.set(jobs, known);
  return known;
}

function tagsIn(jobs: readonly JobTitle[]): ReadonlyMap<string, readonly string[]> {
  const known = tags.get(jobs) ?? new Map(jobs.map((one) => [one.job, one.tags ?? NO_TAGS]));
  tags.set(jobs, known);
  return known;
}
