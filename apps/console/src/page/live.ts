/** What keeps a page up to date: the server's word that something has changed, the clock, and the address. */
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
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

const UNREACHABLE = 'The console’s server does not answer.';

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
  const reading = useRef<{ path: string; isStale: boolean }>(undefined);
  useEffect(() => {
    if (path === undefined) return;
    // A look that is under way is let end: on a busy platform the next change would come before every answer.
    if (reading.current?.path === path) {
      reading.current.isStale = true;
      return;
    }
    const own = { path, isStale: false };
    reading.current = own;
    const settle = (next: { path?: string; data?: T; error?: ApiError }): void => {
      if (reading.current !== own) return;
      reading.current = undefined;
      setLoaded((before) => ({ ...(next.error !== undefined && before.path === path && before), ...next }));
      if (own.isStale) setAgain((count) => count + 1);
    };
    get<T>(path).then(
      (data) => settle({ path, data }),
      (error: unknown) => settle({ path, error: error instanceof ApiError ? error : new ApiError(0, UNREACHABLE) }),
    );
  }, [path, counted, again]);
  const reload = useCallback(() => setAgain((count) => count + 1), []);
  // What another address had is not this one's, unless it is the same list with other filters.
  const isSame = loaded.path?.split('?')[0] === path?.split('?')[0];
  return { data: isSame ? loaded.data : undefined, error: isSame ? loaded.error : undefined, reload };
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
