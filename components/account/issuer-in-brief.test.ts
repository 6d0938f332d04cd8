import { expect, it } from "vitest";
import { issuerInBrief } from "./issuer-in-brief";

it("leaves out what is the same for every issuer", () => {
  expect(issuerInBrief("https://login.example.org/realms/main")).toBe("login.example.org/realms/main");
  expect(issuerInBrief("https://accounts.example.org/")).toBe("accounts.example.org");
});
