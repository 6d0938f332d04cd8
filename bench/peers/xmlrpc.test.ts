import { expect, test } from "vitest";
import { decodeResponse, encodeCall } from "./xmlrpc.mjs";

const answer = (value: string) =>
  `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>${value}</value>\n</param>\n</params>\n</methodResponse>\n`;

test("a call is written with its types", () => {
  expect(encodeCall("supervisor.startProcess", ["a<b&c", false, 3])).toBe(
    '<?xml version="1.0"?><methodCall><methodName>supervisor.startProcess</methodName><params>' +
      "<param><value><string>a&lt;b&amp;c</string></value></param>" +
      "<param><value><boolean>0</boolean></value></param>" +
      "<param><value><int>3</int></value></param></params></methodCall>",
  );
});

test("structs in arrays are read, as supervisord writes its list", () => {
  const one = (name: string, pid: number) => `<value><struct>
<member><name>name</name><value><string>${name}</string></value></member>
<member><name>pid</name><value><int>${pid}</int></value></member>
<member><name>spawnerr</name><value><string></string></value></member>
</struct></value>`;
  const list = `<array><data>\n${one("a&amp;b", 7)}\n${one("c", 0)}\n</data></array>`;
  expect(decodeResponse(answer(list))).toEqual([
    { name: "a&b", pid: 7, spawnerr: "" },
    { name: "c", pid: 0, spawnerr: "" },
  ]);
});

test("arrays in arrays are read, also empty ones, and values without a type", () => {
  const groups = "<array><data><value><string>g0</string></value></data></array>";
  const none = "<array><data></data></array>";
  const lists = `<array><data><value>${groups}</value><value>${none}</value></data></array>`;
  const outer = `<array><data><value>${lists}</value></data></array>`;
  expect(decodeResponse(answer(outer))).toEqual([[["g0"], []]]);
  expect(decodeResponse(answer("plain"))).toBe("plain");
  expect(decodeResponse(answer("<boolean>1</boolean>"))).toBe(true);
});

test("a fault is an error with its text", () => {
  const fault = `<methodResponse><fault><value><struct>
<member><name>faultCode</name><value><int>60</int></value></member>
<member><name>faultString</name><value><string>ALREADY_STARTED: g0:a</string></value></member>
</struct></value></fault></methodResponse>`;
  expect(() => decodeResponse(fault)).toThrow("ALREADY_STARTED: g0:a");
});
