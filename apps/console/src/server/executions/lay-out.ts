/**
 * Places the states of a definition on a plane. A flow is laid out by dagre from top to bottom; a Parallel or Map is a box as large as the flows
 * inside it, which are laid out before. Widths come from the names' lengths, because a server measures no text.
 */
import { Graph, layout } from '@dagrejs/dagre';
import * as z from 'zod/mini';

export interface StateBox {
  readonly name: string;
  readonly type: string;
  /** Whether it waits for a callback. */
  readonly waits: boolean;
  /** The middle, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A Parallel or Map, which has states inside. */
  readonly isGroup: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly kind: 'next' | 'catch';
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly StateBox[];
  readonly arrows: readonly Arrow[];
}

interface StateJson {
  readonly Type: string;
  readonly Resource?: string | undefined;
  readonly Next?: string | undefined;
  readonly Default?: string | undefined;
  readonly Choices?: readonly { readonly Next: string }[] | undefined;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[] | undefined;
  readonly Branches?: readonly FlowJson[] | undefined;
  readonly ItemProcessor?: FlowJson | undefined;
  readonly Iterator?: FlowJson | undefined;
}

interface FlowJson {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateJson>>;
}

const Flow: z.ZodMiniType<FlowJson> = z.lazy(() =>
  z.object({
    StartAt: z.string(),
    States: z.record(
      z.string(),
      z.object({
        Type: z.string(),
        Resource: z.optional(z.string()),
        Next: z.optional(z.string()),
        Default: z.optional(z.string()),
        Choices: z.optional(z.array(z.object({ Next: z.string() }))),
        Catch: z.optional(z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() }))),
        Branches: z.optional(z.array(Flow)),
        ItemProcessor: z.optional(Flow),
        Iterator: z.optional(Flow),
      }),
    ),
  }),
);

const CHARACTER = 7.2;
const NODE = { height: 44, least: 132, most: 260 };
const GROUP = { head: 34, side: 18, gap: 18 };
export const START = '▸start';
export const END = '▸end';

/** @throws where the definition is no state machine */
export const layOut = (definition: string): Drawing => layOutFlow(Flow.parse(JSON.parse(definition)), true);

function layOutFlow({ StartAt, States }: FlowJson, isWhole: boolean): Drawing {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 44, edgesep: 16, marginx: 12, marginy: 12 });
  const inside = new Map<string, Drawing>();
  for (const [name, state] of Object.entries(States)) {
    const inner = innerOf(state);
    if (inner !== undefined) inside.set(name, inner);
    graph.setNode(name, sizeOf(name, inner));
  }
  for (const [from, state] of Object.entries(States)) {
    for (const { to, label, kind } of arrowsOf(state, isWhole)) {
      if (to === END && !graph.hasNode(END)) graph.setNode(END, { width: 20, height: 20 });
      if (graph.hasNode(to))
        graph.setEdge(
          from,
          to,
          { label, kind, width: label.length * 6, height: 14, labelpos: 'r' },
          `${kind} ${label}`,
        );
    }
  }
  if (isWhole) {
    graph.setNode(START, { width: 20, height: 20 });
    graph.setEdge(START, StartAt, { label: '', kind: 'next' }, 'start');
  }
  layout(graph);
  return placed(graph, States, inside);
}

function innerOf(state: StateJson): Drawing | undefined {
  const processor = state.ItemProcessor ?? state.Iterator;
  const flows = state.Branches ?? (processor === undefined ? [] : [processor]);
  return flows.length === 0 ? undefined : sideBySide(flows.map((flow) => layOutFlow(flow, false)));
}

function sideBySide(drawings: readonly Drawing[]): Drawing {
  let left = 0;
  const moved = drawings.map((drawing) => {
    const shifted = shift(drawing, left, 0);
    left += drawing.width + GROUP.gap;
    return shifted;
  });
  return {
    width: left - GROUP.gap,
    height: Math.max(...drawings.map(({ height }) => height)),
    boxes: moved.flatMap(({ boxes }) => boxes),
    arrows: moved.flatMap(({ arrows }) => arrows),
  };
}

const textWidth = (name: string): number =>
  Math.min(NODE.most, Math.max(NODE.least, [...name].length * CHARACTER + 52));

function sizeOf(name: string, inner: Drawing | undefined): { width: number; height: number } {
  if (inner === undefined) return { width: textWidth(name), height: NODE.height };
  return {
    width: Math.max(textWidth(name), inner.width + 2 * GROUP.side),
    height: inner.height + GROUP.head + GROUP.side,
  };
}

interface Leaving {
  readonly to: string;
  readonly label: string;
  readonly kind: Arrow['kind'];
}

function arrowsOf(state: StateJson, isWhole: boolean): Leaving[] {
  const next = (to: string, label = ''): Leaving => ({ to, label, kind: 'next' });
  const choices = (state.Choices ?? []).map((choice, index) => next(choice.Next, `rule ${index + 1}`));
  const otherwise = state.Default === undefined ? [] : [next(state.Default, 'otherwise')];
  const catches = (state.Catch ?? []).map(({ ErrorEquals, Next }): Leaving => ({
    to: Next,
    label: shorten(ErrorEquals.join(', ')),
    kind: 'catch',
  }));
  const onward = state.Next === undefined ? [] : [next(state.Next)];
  const ends = isWhole && state.Next === undefined && state.Type !== 'Choice' ? [next(END)] : [];
  return [...onward, ...choices, ...otherwise, ...catches, ...ends];
}

const shorten = (text: string): string => (text.length > 26 ? `${text.slice(0, 25)}…` : text);

function placed(graph: Graph, states: FlowJson['States'], inside: ReadonlyMap<string, Drawing>): Drawing {
  const { width = 0, height = 0 } = graph.graph();
  const boxes = graph.nodes().flatMap((name) => {
    const { x = 0, y = 0, ...size } = graph.node(name);
    const state = states[name];
    const inner = inside.get(name);
    const box: StateBox = {
      name,
      type: state?.Type ?? '',
      waits: state?.Resource?.endsWith('.waitForTaskToken') ?? false,
      x,
      y,
      width: size.width,
      height: size.height,
      isGroup: inner !== undefined,
    };
    return inner === undefined ? [box] : [box, ...within(box, inner).boxes];
  });
  const arrows = graph.edges().map(({ v, w, name }): Arrow => {
    const edge = graph.edge(v, w, name);
    return { from: v, to: w, label: edge.label, kind: edge.kind, points: edge.points ?? [] };
  });
  const inner = boxes
    .filter(({ isGroup }) => isGroup)
    .flatMap((box) => {
      const drawing = inside.get(box.name);
      return drawing === undefined ? [] : within(box, drawing).arrows;
    });
  return { width, height, boxes, arrows: [...arrows, ...inner] };
}

/** The flows of a group, centred below its head. */
const within = (group: StateBox, inner: Drawing): Drawing =>
  shift(inner, group.x - inner.width / 2, group.y - group.height / 2 + GROUP.head);

function shift(drawing: Drawing, dx: number, dy: number): Drawing {
  const move = <P extends { readonly x: number; readonly y: number }>(point: P): P => ({
    ...point,
    x: point.x + dx,
    y: point.y + dy,
  });
  return {
    ...drawing,
    boxes: drawing.boxes.map(move),
    arrows: drawing.arrows.map((arrow) => ({ ...arrow, points: arrow.points.map(move) })),
  };
}
