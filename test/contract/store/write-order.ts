import { expect, test } from "vitest";
import { givenJob, type OpenStore, opened } from "./given";

export function writeOrderContract(open: OpenStore): void {
  test("B6 a thousand writes at once all happen, one after the other, in the order asked for", async () => {
    const store = await opened(open);
    const { id } = await givenJob(store, { version: 1 });
    let inside = 0;
    let most = 0;
    const increment = (index: number) =>
      store.write(async (tx) => {
        inside += 1;
        most = Math.max(most, inside);
        const job = await tx.job.findUniqueOrThrow({ where: { id } });
        await tx.job.update({ where: { id }, data: { version: job.version + 1 } });
        inside -= 1;
        return [index, job.version];
      });
    const order = await Promise.all(Array.from({ length: 1_000 }, (_, index) => increment(index)));
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, index) => [index, index + 1]));
    expect((await store.read.job.findFirst())?.version).toBe(1_001);
    expect(most).toBe(1);
  });
}
