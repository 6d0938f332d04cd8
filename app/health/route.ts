import { json } from "@/lib/http/answers";
import { routes } from "@/lib/http/route";
import { healthView } from "@/lib/runtime";

export const dynamic = "force-dynamic";

export const { GET, POST, PUT, PATCH, DELETE } = routes({
  GET: async () => {
    const view = healthView();
    return json(view.status === "ok" ? 200 : 503, view);
  },
});
