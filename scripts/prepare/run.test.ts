import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { run } from "./run.mjs";

const node = (code: string) => run(process.execPath, ["-e", code], { cwd: tmpdir(), quiet: true });

test("a program that succeeds is quiet", async () => {
  await expect(node("console.log('noise')")).resolves.toBeUndefined();
});

test("a program that fails is told with its code and what it printed, on either stream", async () => {
  await expect(node("console.log('one'); console.error('two'); process.exitCode = 3")).rejects.toThrow(
    /failed \(exit code 3\)\.\n[\s\S]*one[\s\S]*two/,
  );
});

test("a program that is killed is told with the signal", async () => {
  await expect(node("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow(/failed \(SIGKILL\)/);
});

test("of very long output the end is shown, where errors stand", async () => {
  const error = await node(
    "console.log('x'.repeat(100000)); console.error('the end'); process.exitCode = 1",
  ).then(
    () => new Error("It succeeded."),
    (reason: Error) => reason,
  );
  expect(error.message).toContain("the end");
  expect(error.message.length).toBeLessThan(25_000);
});

test("a program that is not there is told by name", async () => {
  await expect(run("no-such-program-here", [], { cwd: tmpdir(), quiet: true })).rejects.toThrow(
    /^no-such-program-here could not be started: .*ENOENT/,
  );
});
