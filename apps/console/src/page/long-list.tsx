/** A table of any length: only the rows near the screen are in the document. Arrow keys and j, k go from row to row. */
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const OVERSCAN = 12;

interface LongListProps {
  readonly label: string;
  readonly heads: readonly string[];
  readonly total: number;
  readonly show: (first: number, last: number) => void;
  /** The cells of a row; the first link in them, with class `open`, is what Enter follows. */
  readonly cells: (index: number) => ComponentChildren;
}

export function LongList({ label, heads, total, show, cells }: LongListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useView(scroller);
  const [wanted, setWanted] = useState<number>();
  const first = Math.max(0, Math.floor(view.top / view.row) - OVERSCAN);
  const last = Math.min(total - 1, Math.ceil((view.top + view.height) / view.row) + OVERSCAN);

  useEffect(() => show(first, Math.max(first, last)), [first, last]);
  useEffect(() => {
    if (wanted === undefined) return;
    const link = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${wanted + 2}"] a.open`);
    link?.focus({ preventScroll: true });
    if (link) setWanted(undefined);
  });

  const move = (event: TargetedKeyboardEvent<HTMLDivElement>): void => {
    const step = STEPS[event.key];
    const box = scroller.current;
    if (step === undefined || box === null || event.metaKey || event.ctrlKey || event.altKey) return;
    event.preventDefault();
    const next = Math.min(total - 1, Math.max(0, focusedRow() + step(view.height / view.row)));
    reveal(box, next, view.row);
    setWanted(next);
  };

  const rows = [];
  for (let index = first; index <= last; index++) {
    rows.push(
      <div
        key={index}
        class="line row"
        role="row"
        aria-rowindex={index + 2}
        style={{ transform: `translateY(${index * view.row}px)` }}
      >
        {cells(index)}
      </div>,
    );
  }
  return (
    <div class="card list" role="table" aria-label={label} aria-rowcount={total + 1} onKeyDown={move}>
      <div role="rowgroup">
        <div class="line heads" role="row" aria-rowindex={1}>
          {heads.map((head) => (
            <span key={head} role="columnheader">
              {head}
            </span>
          ))}
        </div>
      </div>
      <div class="scroller" ref={scroller} role="rowgroup" tabIndex={0} data-long-list>
        <div role="none" style={{ height: `${total * view.row}px` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

/** Where the list is scrolled to, in pixels, and how high it and its rows are. */
interface View {
  readonly top: number;
  readonly height: number;
  readonly row: number;
}

function useView(scroller: { readonly current: HTMLDivElement | null }): View {
  const [view, setView] = useState<View>({ top: 0, height: 600, row: 60 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    const measure = (): void => setView({ top: box.scrollTop, height: box.clientHeight, row: rowHeight(box) });
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(box);
    box.addEventListener('scroll', measure, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', measure);
    };
  }, []);
  return view;
}

/** How many rows a key goes on, in a list of which so many are seen. */
const STEPS: Readonly<Record<string, (seen: number) => number>> = {
  ArrowDown: () => 1,
  j: () => 1,
  ArrowUp: () => -1,
  k: () => -1,
  PageDown: (seen) => Math.floor(seen),
  PageUp: (seen) => -Math.floor(seen),
  Home: () => -Infinity,
  End: () => Infinity,
};

/** @returns the index of the row that has the focus; -1 where none has */
const focusedRow = (): number =>
  Number(document.activeElement?.closest('[aria-rowindex]')?.getAttribute('aria-rowindex') ?? 1) - 2;

const rowHeight = (box: Element): number => parseFloat(getComputedStyle(box).getPropertyValue('--row')) * 16 || 60;

function reveal(box: HTMLElement, index: number, height: number): void {
  const top = index * height;
  if (top < box.scrollTop) box.scrollTop = top;
  if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
}
