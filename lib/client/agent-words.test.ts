import { describe, expect, it } from "vitest";
import { agentInWords } from "./agent-words";

const MOZILLA = "Mozilla/5.0";
const GECKO = "AppleWebKit/537.36 (KHTML, like Gecko)";

describe("agentInWords", () => {
  it.each([
    [`${MOZILLA} (X11; Linux x86_64) ${GECKO} Chrome/142.0.0.0 Safari/537.36`, "Chrome on Linux"],
    [
      `${MOZILLA} (Windows NT 10.0; Win64; x64) ${GECKO} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`,
      "Edge on Windows",
    ],
    [
      `${MOZILLA} (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0`,
      "Firefox on macOS",
    ],
    [
      `${MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15`,
      "Safari on macOS",
    ],
    [
      `${MOZILLA} (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1`,
      "Safari on iPhone",
    ],
    [
      `${MOZILLA} (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1`,
      "Chrome on iPhone",
    ],
    [`${MOZILLA} (Linux; Android 16; K) ${GECKO} Chrome/142.0.0.0 Mobile Safari/537.36`, "Chrome on Android"],
    ["curl/8.14.1", "curl"],
    ["node", "Node.js"],
    ["", "Unknown browser"],
    ["something else", "Unknown browser"],
    [`${MOZILLA} (Windows NT 10.0) Something/1.0`, "Unknown browser on Windows"],
  ])("reads %j as %j", (agent, words) => {
    expect(agentInWords(agent)).toBe(words);
  });
});
