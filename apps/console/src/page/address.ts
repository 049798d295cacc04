/** The address is the page's state: what is filtered and shown can be sent to somebody and comes back with the back button. */
import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

export function go(address: string, replace = false): void {
  if (replace) history.replaceState(undefined, '', address);
  else history.pushState(undefined, '', address);
  tell();
}

export function useAddress(): URL {
  const [address, setAddress] = useState(location.href);
  useEffect(() => {
    const listener = (): void => setAddress(location.href);
    listeners.add(listener);
    window.addEventListener('popstate', listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener('popstate', listener);
    };
  }, []);
  return new URL(address);
}

/** Follows links of the page itself without loading it again. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest('a');
    if (link === null || link.target !== '' || link.origin !== location.origin || link.hash !== '') return;
    event.preventDefault();
    go(link.href);
    document.querySelector('main')?.focus();
    window.scrollTo(0, 0);
  });
}

/** @returns the query with these members; an empty one is left out */
export function queryWith(current: URLSearchParams, change: Readonly<Record<string, string>>): string {
  const next = new URLSearchParams(current);
  for (const [name, value] of Object.entries(change)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? '' : `?${next.toString()}`;
}
