import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Watched } from "../watch/watched";
import { tellNews, waitForNews } from "./news";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function waits() {
  const watched = {} as Watched;
  let over = 0;
  const wait = () => void waitForNews(watched, 50).then(() => (over += 1));
  return { watched, wait, over: () => over };
}

test("who waits looks again at the first news, or when the time is over", async () => {
  const { watched, wait, over } = waits();
  wait();
  await vi.advanceTimersByTimeAsync(49);
  expect(over()).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(over()).toBe(1);
  wait();
  tellNews(watched);
  await vi.advanceTimersByTimeAsync(0);
  expect(over()).toBe(2);
  expect(vi.getTimerCount()).toBe(0);
});

test("news that came while nobody waited ends the next wait, and only that", async () => {
  const { watched, wait, over } = waits();
  tellNews(watched);
  tellNews(watched);
  wait();
  await vi.advanceTimersByTimeAsync(0);
  expect(over()).toBe(1);
  wait();
  await vi.advanceTimersByTimeAsync(49);
  expect(over()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(over()).toBe(2);
});

test("news of one run are no news of another", async () => {
  const { wait, over } = waits();
  tellNews({} as Watched);
  wait();
  await vi.advanceTimersByTimeAsync(0);
  expect(over()).toBe(0);
  await vi.advanceTimersByTimeAsync(50);
});
