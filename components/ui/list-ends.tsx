import { ArrowUp } from "lucide-react";
import { Button } from "./button";

/** New rows wait here, above a list, until they are asked for: no row moves under a finger. @param most so many are counted */
export function NewRows({ count, most, onShow }: { count: number; most: number; onShow: () => void }) {
  return (
    <div role="status" className="flex justify-center empty:hidden">
      {count > 0 && (
        <Button
          size="sm"
          icon={<ArrowUp aria-hidden />}
          onClick={onShow}
          className="rounded-full border-accent/50 text-accent"
        >
          +{count === most ? `${count} or more` : count} new
        </Button>
      )}
    </div>
  );
}

type Paged = {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
};

/** Below a list that has more. */
export function LoadMore({ list }: { list: Paged }) {
  if (!list.hasNextPage) return null;
  return (
    <Button className="self-center" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      Load more
    </Button>
  );
}
