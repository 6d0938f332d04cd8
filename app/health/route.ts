import { json } from "@/lib/http/answers";
import { routes } from "@/lib/http/route";
import { readHealth } from "@/lib/reads/health";

export const dynamic = "force-dynamic";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: async () => {
    const view = readHealth();
    return json(view.status === "ok" ? 200 : 503, view);
  },
});
