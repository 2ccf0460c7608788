import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Answer, call } from "../api/client.ts";
import type { List, ListQuery, Routes } from "../api/contract.ts";
import { PAGE, type Search, useListState } from "./list.tsx";

/** Routes that answer with a list. */
type ListRoute = {
  [R in keyof Routes]: R extends `GET ${string}` ? (Answer<R> extends List<unknown> ? R : never) : never;
}[keyof Routes];
type Query<R extends ListRoute> = Routes[R] extends { query: infer Given extends object } ? Given : never;

export interface ServerList<Row, Data extends List<Row> = List<Row>> {
  readonly data: Data | undefined;
  readonly rows: readonly Row[];
  readonly error: unknown;
  readonly retry: () => void;
  /** Of the route, its parameters filled in: `/export` after it gives the whole list as a file. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
}

interface Options<R extends ListRoute> {
  /** Under it the answer is kept; acts read again what they touch by its beginning. */
  readonly key: readonly string[];
  readonly path?: Readonly<Record<string, string>>;
  /** What stands in the address beside creditor, search text, sort and page. */
  readonly filters?: readonly Exclude<keyof Query<R> & string, keyof ListQuery>[];
  /** Where the address says nothing. */
  readonly preset?: Query<R>;
  /** Whatever the address says. */
  readonly always?: Query<R>;
  /** Milliseconds until it is read again by itself; false: not. */
  readonly refetchInterval?: (data: Answer<R> | undefined) => number | false;
}

const ALWAYS = ["creditor", "q", "sort", "offset"] as const;

/** A list of the server in the filter, order and page of the address; the rows before stay until the new ones are here. */
export function useServerList<R extends ListRoute>(
  route: R,
  { key, path = {}, filters = [], preset, always, refetchInterval }: Options<R>,
): ServerList<Answer<R>["rows"][number], Answer<R>> {
  const [search] = useListState();
  const named = Object.fromEntries(
    [...ALWAYS, ...filters].flatMap((name) => {
      const value = (search as Search)[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const query = { ...(preset as object), ...named, ...(always as object), limit: PAGE };
  const { data, error, refetch } = useQuery<Answer<R>>({
    queryKey: [...key, query],
    // the server reads every value from the address, so text and number are one
    queryFn: ({ signal }) => call(route, { path, query, signal } as unknown as Parameters<typeof call<R>>[1]),
    placeholderData: keepPreviousData,
    ...(refetchInterval === undefined ? {} : { refetchInterval: (found) => refetchInterval(found.state.data) }),
  });
  return {
    data,
    rows: data?.rows ?? [],
    error,
    retry: () => void refetch(),
    path: route.slice("GET ".length).replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? ""),
    query,
  };
}
