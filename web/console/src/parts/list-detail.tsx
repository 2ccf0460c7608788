import type { ReactNode } from "react";
import { useFormat, useTexts } from "../app/session.tsx";
import { DataList, type DataListProps, FilterBar, type Filter } from "./list.tsx";
import type { ServerList } from "./server-list.ts";
import type { Chosen } from "./use-act.ts";

type ListDetailProps<Row> = Omit<DataListProps<Row>, "data" | "error" | "retry" | "current" | "onCurrent"> & {
  readonly list: Pick<ServerList<Row>, "data" | "error" | "retry">;
  /** The row the detail is of; it stands in the address. */
  readonly chosen?: Chosen<Row>;
  /** The detail beside the list, below it where there is no room. */
  readonly children?: (row: Row) => ReactNode;
  readonly shape?: "listdetail" | "compare";
};

/** A list of the server, and the detail of the chosen row beside it. */
export function ListDetail<Row>({ list, chosen, children, shape = "listdetail", ...table }: ListDetailProps<Row>) {
  const rows = (
    <DataList<Row>
      {...table}
      data={list.data}
      error={list.error}
      retry={list.retry}
      current={chosen?.id}
      {...(chosen === undefined ? {} : { onCurrent: chosen.select })}
    />
  );
  if (children === undefined) return rows;
  const current = chosen?.current;
  return (
    <div className={`${shape} fill${current === undefined ? " alone" : ""}`}>
      {rows}
      {current !== undefined && children(current)}
    </div>
  );
}

/** Filters over a list of the server, how many rows there are, and the whole of it as a file. */
export function ListBar<Row>({
  list,
  filters,
  placeholder,
  count,
  text = true,
  file = true,
  children,
}: {
  list: ServerList<Row>;
  filters?: readonly Filter[];
  placeholder?: string;
  /** Instead of the number of rows. */
  count?: ReactNode;
  /** False: no field for free text. */
  text?: boolean;
  /** False: the file is given out elsewhere, or not at all. */
  file?: boolean;
  children?: ReactNode;
}) {
  const texts = useTexts();
  const format = useFormat();
  return (
    <FilterBar
      {...(filters === undefined ? {} : { filters })}
      {...(text ? { placeholder: placeholder ?? texts.common.filterText } : {})}
      count={count ?? (list.data && texts.common.rows(format.number(list.data.total)))}
      {...(file ? { exportPath: list.path, exportQuery: list.query } : {})}
    >
      {children}
    </FilterBar>
  );
}

/** What stands beside a list: a name, at its right an amount or a state, and the rest. */
export function Detail({
  label,
  title,
  end,
  children,
}: {
  label: string;
  title: ReactNode;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <aside className="card detail" aria-label={label}>
      <div className="panel-h">
        <h2>{title}</h2>
        {end}
      </div>
      {children}
    </aside>
  );
}
