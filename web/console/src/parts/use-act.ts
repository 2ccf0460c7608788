import { useQueryClient } from "@tanstack/react-query";
import { useTexts } from "../app/session.tsx";
import { problemText, say, sayProblem } from "../app/toast.tsx";
import { useListState } from "./list.tsx";

/**
 * Does an act: says that it is done, with the way to undo it, and reads again what it touched. A refusal is said and
 * everything is read again, because somebody may have been faster. True: it was done.
 */
export function useAct(touched: readonly (readonly unknown[])[]) {
  const texts = useTexts();
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([...touched, ["counts"]].map((key) => queries.invalidateQueries({ queryKey: key })));
  return async (text: string, run: () => Promise<unknown>, undo?: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run();
    } catch (error) {
      sayProblem(problemText(error, texts));
      await refresh();
      return false;
    }
    say(
      text,
      undo &&
        (async () => {
          await undo();
          await refresh();
        }),
    );
    await refresh();
    return true;
  };
}

/** The row whose detail is shown; it stands in the address as `sel`. */
export function useCurrent<Row extends { readonly id: string }>(rows: readonly Row[]) {
  const [search, change] = useListState();
  const found = rows.findIndex((row) => row.id === search.sel);
  const at = Math.max(0, found);
  const select = (row: Row | undefined) => change({ sel: row?.id, offset: search.offset });
  return {
    current: rows[at],
    select,
    /** The one after the current one, for acts after which it leaves the list. */
    advance: () => select(rows[at + 1] ?? rows[at - 1]),
  };
}
