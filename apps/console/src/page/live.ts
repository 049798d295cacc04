/** What keeps a page up to date: the server's word that something has changed, the clock, and the address. */
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';

export interface Connection {
  /** Counts what the server has told of. */
  readonly counted: number;
  readonly isLost: boolean;
  /** Why the server could not read AWS the last time. */
  readonly trouble: string | undefined;
}

export const ConnectionContext = createContext<Connection>({ counted: 0, isLost: false, trouble: undefined });

export function useConnection(): Connection {
  const [connection, setConnection] = useState<Connection>({ counted: 0, isLost: false, trouble: undefined });
  useEffect(() => {
    const source = new EventSource('/api/changes');
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const { trouble } = JSON.parse(data) as { trouble?: string };
      setConnection(({ counted }) => ({ counted: counted + 1, isLost: false, trouble }));
    };
    source.onerror = () => setConnection((before) => ({ ...before, isLost: true }));
    return () => source.close();
  }, []);
  return connection;
}

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
  readonly reload: () => void;
}

/** Reads an address of the API, and again whenever something has changed. What was read stays until it is replaced. */
export function useApi<T>(path: string | undefined): Loaded<T> {
  const { counted } = useContext(ConnectionContext);
  const [again, setAgain] = useState(0);
  const [loaded, setLoaded] = useState<{ path?: string; data?: T; error?: ApiError }>({});
  useEffect(() => {
    if (path === undefined) return;
    const leaving = new AbortController();
    get<T>(path, leaving.signal).then(
      (data) => setLoaded({ path, data }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const known = error instanceof ApiError ? error : new ApiError(0, 'The console’s server does not answer.');
        setLoaded((before) => ({ ...before, error: known }));
      },
    );
    return () => leaving.abort();
  }, [path, counted, again]);
  const reload = useCallback(() => setAgain((count) => count + 1), []);
  return { data: loaded.data, error: loaded.error, reload };
}

/** The time, every second, moved by how far the server's clock is from the browser's. */
export function useNow(serverNow: number | undefined): number {
  const [offset, setOffset] = useState(0);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (serverNow !== undefined) setOffset(serverNow - Date.now());
  }, [serverNow]);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now + offset;
}
