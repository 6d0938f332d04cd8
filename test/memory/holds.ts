import { isOver } from "@/lib/domain/hold";
import type { Holds } from "@/lib/domain/ports/holds";
import { type Tables, withEntry, withoutEntry, writeAudit } from "./tables";

export function holdPorts(tables: Tables, newHoldId: Holds["newHoldId"]): Holds {
  return {
    newHoldId,
    insertHold: async (hold, audit) => {
      tables.holds = withEntry(tables.holds, hold.id, hold);
      writeAudit(tables, audit, hold.createdAt);
    },
    deleteHold: async (id, audit, now) => {
      const hold = tables.holds.get(id);
      if (hold === undefined) return null;
      tables.holds = withoutEntry(tables.holds, id);
      writeAudit(tables, audit(hold), now);
      return hold;
    },
    listHolds: async (now) => [...tables.holds.values()].filter((hold) => !isOver(hold, now)).toReversed(),
  };
}
