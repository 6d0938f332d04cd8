import { dispatch } from "@/lib/http/dispatch";
import { table } from "./table";

/** Answers every request for the API, /health and the demo shop. */
export const answer = dispatch(table);
