import { json } from "@/lib/http/answers";
import { routes } from "@/lib/http/route";
import { readHealth } from "@/lib/reads/health";

export const answer = routes({
  GET: async () => {
    const view = readHealth();
    return json(view.status === "ok" ? 200 : 503, view);
  },
});
