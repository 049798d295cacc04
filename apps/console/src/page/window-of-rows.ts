/** Rows of a long list that are near the screen, read from the server a page at a time. */
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';
import { ConnectionContext } from './live.ts';

export const ROWS_A_PAGE = 100;

interface PageOf<Row> {
  readonly total: number;
  readonly now: number;
  readonly rows: readonly Row[];
}

export interface RowWindow<Answer, Row> {
  /** The newest answer, whose facts of the whole list are shown. */
  readonly latest: Answer | undefined;
  readonly error: ApiError | undefined;
  /** Undefined until its page has been read. */
  readonly row: (index: number) => Row | undefined;
  /** Says which rows are near the screen. */
  readonly show: (first: number, last: number) => void;
}

/** @param path address of the list, with its filters; `offset` and `limit` are added */
export function useRowWindow<Row, Answer extends PageOf<Row>>(path: string): RowWindow<Answer, Row> {
  const { counted } = useContext(ConnectionContext);
  const [pages, setPages] = useState<ReadonlyMap<number, Answer>>(new Map());
  const [latest, setLatest] = useState<Answer>();
  const [error, setError] = useState<ApiError>();
  const [range, setRange] = useState<readonly [number, number]>([0, 0]);
  const read = useRef({ path: '', counted: -1, pages: new Set<number>() });

  useEffect(() => {
    const isOther = read.current.path !== path;
    if (isOther) setPages(new Map());
    if (isOther || read.current.counted !== counted) read.current = { path, counted, pages: new Set() };
    const of = read.current;
    for (let page = range[0]; page <= range[1]; page++) {
      if (of.pages.has(page)) continue;
      of.pages.add(page);
      get<Answer>(`${path}${path.includes('?') ? '&' : '?'}offset=${page * ROWS_A_PAGE}&limit=${ROWS_A_PAGE}`).then(
        (answer) => {
          if (read.current.path !== path) return;
          setPages((before) => new Map(before).set(page, answer));
          setLatest(answer);
          setError(undefined);
        },
        (failure: unknown) => {
          of.pages.delete(page);
          setError(failure instanceof ApiError ? failure : new ApiError(0, 'The console’s server does not answer.'));
        },
      );
    }
  }, [path, counted, range[0], range[1]]);

  const show = useCallback((first: number, last: number) => {
    const next = [Math.floor(first / ROWS_A_PAGE), Math.floor(Math.max(first, last) / ROWS_A_PAGE)] as const;
    setRange((before) => (before[0] === next[0] && before[1] === next[1] ? before : next));
  }, []);
  const row = (index: number): Row | undefined => pages.get(Math.floor(index / ROWS_A_PAGE))?.rows[index % ROWS_A_PAGE];
  return { latest, error, row, show };
}
