import { afterAll } from "vitest";
import { cleanUp } from "../server";
import { cleanSession } from "./model/clean-session";

afterAll(cleanUp);
cleanSession(33);
