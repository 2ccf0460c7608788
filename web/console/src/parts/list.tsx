import { NativeSelect, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { fileAddress } from "../api/client.ts";
import type { List, Money } from "../api/contract.ts";
import { useKeys } from "../app/keys.tsx";
import { useFormat, useTexts } from "../app/session.tsx";
import { Button, IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { Waiting } from "./page.tsx";

/** Filters, sort and page of a list live in the address, so a view can be shared and found again. */
export type Search = Readonly<Record<string, string | undefined>>;
export function useListState(): readonly [Search, (change: Search, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = (next: Search, replace = true) =>
    void navigate({
      to: ".",
      search: ((before: Search) => {
        const merged: Record<string, string | undefined> = { ...before, ...next };
        if (!("offset" in next)) merged.offset = undefined;
        return merged;
      }) as never,
      replace,
    });
  return [search, change];
}

export const PAGE = 100;

export interface Column<Row> {
  readonly key: string;
  readonly label: string;
  readonly right?: boolean;
  /** Only columns the server sorts by. */
  readonly sort?: boolean;
  readonly render: (row: Row) => ReactNode;
  readonly className?: string;
  /** Shown under this column when the list has sums. */
  readonly sum?: boolean;
}

export interface DataListProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly data: List<Row> | undefined;
  readonly error?: unknown;
  readonly retry?: () => void;
  /** Needed where a row has no `id`. */
  readonly idOf?: (row: Row) => string;
  /** Enter or click. */
  readonly onOpen?: (row: Row) => void;
  /** The row a detail beside the list shows. */
  readonly current?: string | undefined;
  readonly onCurrent?: (row: Row) => void;
  readonly empty: ReactNode;
  readonly rowClass?: string;
}

export function DataList<Row>(props: DataListProps<Row>) {
  const { label, columns, data, onOpen, onCurrent } = props;
  const idOf = props.idOf ?? ((row: Row) => (row as { readonly id: string }).id);
  const texts = useTexts();
  const format = useFormat();
  const [search, change] = useListState();
  const [own, setOwn] = useState<string | undefined>(undefined);
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = data?.rows ?? [];
  const current = props.current ?? own;
  const index = rows.findIndex((row) => idOf(row) === current);

  const go = (to: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row === undefined) return;
    setOwn(idOf(row));
    onCurrent?.(row);
    const element = body.current?.children[rows.indexOf(row)] as HTMLElement | undefined;
    element?.focus();
    element?.scrollIntoView({ block: "nearest" });
  };
  const row = rows[index];
  const open = () => row !== undefined && onOpen?.(row);
  useKeys([
    { keys: "j", label: texts.keys.next, bar: true, with: "k", run: () => go(index + 1) },
    { keys: "k", label: texts.keys.previous, quiet: true, run: () => go(index - 1) },
    { keys: "ArrowDown", label: texts.keys.next, quiet: true, run: () => go(index + 1) },
    { keys: "ArrowUp", label: texts.keys.previous, quiet: true, run: () => go(index - 1) },
    ...(onOpen === undefined ? [] : [{ keys: "Enter", label: texts.keys.open, bar: true, run: open }]),
  ]);

  if (data === undefined) return <Waiting error={props.error} {...(props.retry ? { retry: props.retry } : {})} />;
  const sorted = search.sort ?? "";
  const offset = Number(search.offset ?? 0);
  const sums = data.sums ?? [];
  return (
    <div className="card list fill">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <div className="box" tabIndex={0} role="region" aria-label={label}>
        <table aria-rowcount={data.total}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  className={column.right ? "r" : undefined}
                  aria-sort={
                    sorted === column.key ? "ascending" : sorted === `-${column.key}` ? "descending" : undefined
                  }
                >
                  {column.sort ? (
                    <button
                      type="button"
                      className="sort"
                      onClick={() => change({ sort: sorted === column.key ? `-${column.key}` : column.key })}
                    >
                      {column.label}
                      {sorted === column.key && <Icon name="up" small />}
                      {sorted === `-${column.key}` && <Icon name="down" small />}
                    </button>
                  ) : (
                    column.label
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {rows.map((item, at) => {
              const id = idOf(item);
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: Enter is a key of the page; the first cell holds a link
                <tr
                  key={id}
                  tabIndex={-1}
                  aria-rowindex={offset + at + 2}
                  aria-current={id === current ? "true" : undefined}
                  className={`row${id === current ? " on" : ""} ${props.rowClass ?? ""}`}
                  data-open={onOpen || onCurrent ? "" : undefined}
                  onClick={(event) => {
                    if (event.target instanceof Element && event.target.closest("a,button,input,select")) return;
                    if (onCurrent !== undefined) go(at);
                    else onOpen?.(item);
                  }}
                >
                  {columns.map((column) => (
                    <td key={column.key} className={`${column.right ? "r" : ""} ${column.className ?? ""}`}>
                      {column.render(item)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
          {rows.length > 0 && sums.length > 0 && columns.some((column) => column.sum) && (
            <tfoot>
              <tr>
                {columns.map((column, at) => (
                  <td key={column.key} className={column.right ? "r" : undefined}>
                    {at === 0 ? texts.common.sum : column.sum ? <Sums values={sums} /> : null}
                  </td>
                ))}
              </tr>
            </tfoot>
          )}
        </table>
        {rows.length === 0 && props.empty}
      </div>
      {data.total > PAGE && (
        <div className="pager tiny">
          <span>
            {texts.common.range(
              format.number(offset + 1),
              format.number(Math.min(offset + PAGE, data.total)),
              format.number(data.total),
            )}
          </span>
          <span className="end">
            <IconButton
              icon="left"
              label={texts.common.pageBefore}
              onClick={() => change({ offset: offset <= PAGE ? undefined : String(offset - PAGE) })}
            />
            <IconButton
              icon="right"
              label={texts.common.pageNext}
              onClick={() => offset + PAGE < data.total && change({ offset: String(offset + PAGE) })}
            />
          </span>
        </div>
      )}
    </div>
  );
}

function Sums({ values }: { values: readonly Money[] }) {
  const format = useFormat();
  return values.map((value) => <div key={value.currency}>{format.money(value)}</div>);
}

export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, label: string])[];
}
/** Filters over a list; `F` goes to the first. */
export function FilterBar({
  filters = [],
  placeholder,
  count,
  exportPath,
  exportQuery = {},
  children,
}: {
  filters?: readonly Filter[];
  /** With it there is a field for free text. */
  placeholder?: string;
  count?: ReactNode;
  exportPath?: string;
  exportQuery?: Readonly<Record<string, unknown>>;
  children?: ReactNode;
}) {
  const texts = useTexts();
  const [search, change] = useListState();
  const bar = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  const wait = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useKeys([
    {
      keys: "f",
      label: texts.keys.filter,
      run: () => bar.current?.querySelector<HTMLElement>("input,select")?.focus(),
    },
  ]);
  const active = filters.some((filter) => search[filter.name] !== undefined) || search.q !== undefined;
  return (
    <div className="filters" ref={bar}>
      {placeholder !== undefined && (
        <TextInput
          className="grow"
          type="search"
          aria-label={placeholder}
          placeholder={placeholder}
          value={text}
          leftSection={<Icon name="search" small />}
          onChange={(event) => {
            const value = event.currentTarget.value;
            setText(value);
            clearTimeout(wait.current);
            wait.current = setTimeout(() => change({ q: value.trim() === "" ? undefined : value.trim() }), 250);
          }}
        />
      )}
      {filters.map((filter) => (
        <NativeSelect
          key={filter.name}
          label={filter.label}
          value={search[filter.name] ?? ""}
          data={[{ value: "", label: texts.common.all }, ...filter.options.map(([value, label]) => ({ value, label }))]}
          onChange={(event) => {
            const value = event.currentTarget.value;
            change({ [filter.name]: value === "" ? undefined : value });
          }}
        />
      ))}
      {active && (
        <Button
          ghost
          onClick={() =>
            change({ q: undefined, ...Object.fromEntries(filters.map((filter) => [filter.name, undefined])) })
          }
        >
          {texts.common.clear}
        </Button>
      )}
      {children}
      {count !== undefined && <span className="count tiny">{count}</span>}
      {exportPath !== undefined && <ExportMenu path={exportPath} query={exportQuery} />}
    </div>
  );
}

/** The whole list of the filter as a file, made by the server. A disclosure with two links. */
export function ExportMenu({ path, query }: { path: string; query: Readonly<Record<string, unknown>> }) {
  const texts = useTexts();
  const [open, setOpen] = useState(false);
  const { limit: _limit, offset: _offset, ...filters } = query;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving it closes it; its parts are ordinary controls
    <div
      className="export"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.preventDefault();
        setOpen(false);
        event.currentTarget.querySelector("button")?.focus();
      }}
    >
      <button type="button" className="btn" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="export" small />
        {texts.common.export}
      </button>
      {open && (
        <ul className="float">
          {(["csv", "xlsx"] as const).map((kind) => (
            <li key={kind}>
              <a
                href={fileAddress(`${path}/export`, { ...filters, format: kind })}
                download
                onClick={() => setOpen(false)}
              >
                {texts.common.exportAs[kind]}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
