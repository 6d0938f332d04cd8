import { expect, test } from "vitest";
import { isAllowed, parseAllowedCommands } from "./allowed-commands";

test("nothing listed allows any program, and what is listed is trimmed", () => {
  expect(parseAllowedCommands(" , ")).toEqual({ commands: null, problems: [] });
  expect(parseAllowedCommands("/opt/jobs/, /usr/bin/scrapy")).toEqual({
    commands: ["/opt/jobs/", "/usr/bin/scrapy"],
    problems: [],
  });
});

test.each(["scrapy", "./a", "/", "/opt/../bin/sh", "/opt/./x", "/opt//x", "/opt/.."])(
  "%j is refused, and nothing is allowed by mistake",
  (path) => expect(parseAllowedCommands(path).problems).toHaveLength(1),
);

test("a program is known by its own name or by what is behind it, a folder only by what is behind its links", () => {
  const allowed = ["/opt/jobs/", "/usr/bin/python3"];
  expect(isAllowed("/usr/bin/python3", "/usr/bin/python3.11", allowed)).toBe(true);
  expect(isAllowed("/usr/local/bin/py", "/usr/bin/python3", allowed)).toBe(true);
  expect(isAllowed("/opt/jobs/night", "/opt/jobs/night", allowed)).toBe(true);
  expect(isAllowed("/opt/jobs/link", "/bin/sh", allowed)).toBe(false);
  expect(isAllowed("/opt/jobs-evil/x", "/opt/jobs-evil/x", allowed)).toBe(false);
  expect(isAllowed("/usr/bin/python3x", "/usr/bin/python3x", allowed)).toBe(false);
});
