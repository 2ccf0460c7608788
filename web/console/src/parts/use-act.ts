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

/** The row whose detail is shown. */
export interface Chosen<Row> {
  readonly current: Row | undefined;
  readonly id: string | undefined;
  readonly select: (row: Row | undefined) => void;
  /** The one after the current one, for acts after which it leaves the list. */
  readonly advance: () => void;
}

/** The row of the address (`sel`), else the first. */
export function useChosen<Row extends { readonly id: string }>(rows: readonly Row[]): Chosen<Row> {
  const [search, change] = useListState();
  const found = rows.findIndex((row) => row.id === search.sel);
  const at = Math.max(0, found);
  const select = (row: Row | undefined) => change({ sel: row?.id, offset: search.offset });
  return {
    current: rows[at],
    id: rows[at]?.id,
    select,
    advance: () => select(rows[at + 1] ?? rows[at - 1]),
  };
}
