import { expect, test } from "vitest";
import { describeJson, placeIn } from "./summary";

test("the content of a checkpoint is told in a few words", () => {
  expect(describeJson('{"page":40}')).toBe("JSON with 1 key: page=40");
  expect(describeJson('{"a":[1],"b":{"c":1},"d":null,"e":true,"f":1}')).toBe(
    "JSON with 5 keys: a=[1], b={1}, d=null, e=true, …",
  );
  expect(describeJson("[1,2,3]")).toBe("JSON with 3 entries");
  expect(describeJson("7")).toBe("JSON: 7");
  expect(describeJson("page 40")).toBeNull();
});

test("secrets are named, not shown, and nothing breaks the line or is endless", () => {
  const text = describeJson(
    JSON.stringify({ accessToken: "t0ps3cret", Cookie: "c00kie", note: `a\nb\u2028${"x".repeat(500)}` }),
  );
  expect(text).toMatch(/^JSON with 3 keys: accessToken, Cookie, note=a b x+…$/);
  expect(text?.length).toBeLessThan(120);
});

test("UX-A2 the place in the work is told by what programs call it, and by nothing else", () => {
  expect(placeIn('{"version":1,"startedAt":"2026","nextPage":132,"offset":5}')).toBe("next page 132");
  expect(placeIn('{"last_offset":40}')).toBe("last offset 40");
  expect(placeIn('{"cursor":"abc"}')).toBe("cursor abc");
  for (const text of ['{"pages":[1,2]}', '{"page":{}}', '{"page":""}', '{"homepage":"x"}', "[1]", "no JSON"])
    expect(placeIn(text), text).toBeNull();
});
