/** The drawing of a state machine: the server has placed it, the states say what happened to them. */
import type { Arrow, Drawing, StateBox } from '../server/executions/lay-out.ts';
import type { StateVisits } from '../server/executions/read-history.ts';

interface GraphProps {
  readonly drawing: Drawing;
  readonly states: Readonly<Record<string, StateVisits>>;
  readonly chosen: string | undefined;
  readonly onChoose: (state: string | undefined) => void;
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  running: 'in this state now',
  succeeded: 'succeeded',
  failed: 'failed',
  caught: 'failed, and caught',
  stopped: 'stopped',
};

export function Graph({ drawing, states, chosen, onChoose }: GraphProps) {
  const { width, height, boxes, arrows } = drawing;
  const points = boxes.filter(({ type }) => type === '');
  return (
    <div class="graph" tabIndex={0} role="group" aria-label="State machine">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <defs>
          <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0.5 L8 4 L0 7.5 Z" class="point" />
          </marker>
        </defs>
        {boxes
          .filter(({ isGroup }) => isGroup)
          .map((box) => (
            <Box key={box.name} box={box} visits={states[box.name]} chosen={chosen} onChoose={onChoose} />
          ))}
        {arrows.map((arrow, index) => (
          <Line key={index} arrow={arrow} />
        ))}
        {points.map(({ name, x, y }) => (
          <circle key={name} class="point" cx={x} cy={y} r={5} />
        ))}
        {boxes
          .filter(({ isGroup, type }) => !isGroup && type !== '')
          .map((box) => (
            <Box key={box.name} box={box} visits={states[box.name]} chosen={chosen} onChoose={onChoose} />
          ))}
      </svg>
    </div>
  );
}

interface BoxProps extends Pick<GraphProps, 'chosen' | 'onChoose'> {
  readonly box: StateBox;
  readonly visits: StateVisits | undefined;
}

function Box({ box, visits, chosen, onChoose }: BoxProps) {
  const { name, type, waits, x, y, width, height, isGroup } = box;
  const [left, top] = [x - width / 2, y - height / 2];
  const kind = waits ? 'waits for a callback' : type;
  const retries = visits?.retries ?? 0;
  const mark = retries > 0 ? `↻ ${retries}` : visits !== undefined && visits.entered > 1 ? `× ${visits.entered}` : '';
  const status = visits === undefined ? 'not entered' : (STATUS_WORDS[visits.status] ?? '');
  const often = visits !== undefined && visits.entered > 1 ? `, entered ${visits.entered} times` : '';
  const again = retries > 0 ? `, retried ${retries === 1 ? 'once' : `${retries} times`}` : '';
  // What is seen comes first: whoever speaks to the page says it.
  const seen = `${fit(name, width)} ${kind}${mark === '' ? '' : ` ${mark}`}`;
  const choose = (): void => onChoose(chosen === name ? undefined : name);
  return (
    <g
      class={`box ${isGroup ? 'group' : ''} ${visits?.status ?? ''}`}
      role="button"
      tabIndex={0}
      aria-pressed={chosen === name}
      aria-label={`${seen}: ${name}, ${status}${often}${again}`}
      onClick={choose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
      }}
    >
      <rect x={left} y={top} width={width} height={height} rx={isGroup ? 10 : 8} />
      <text x={left + 14} y={top + 19}>
        {fit(name, width)}
      </text>{' '}
      <text class="type" x={left + 14} y={isGroup ? top + 31 : top + 34}>
        {kind}
      </text>{' '}
      {mark !== '' && (
        <text class="retries" x={left + width - 12} y={top + 19} text-anchor="end">
          {mark}
        </text>
      )}
    </g>
  );
}

const fit = (name: string, width: number): string => {
  const most = Math.floor((width - 44) / 6.9);
  return [...name].length > most ? `${[...name].slice(0, most - 1).join('')}…` : name;
};

function Line({ arrow: { points, label, kind } }: { arrow: Arrow }) {
  const middle = points[Math.floor(points.length / 2)];
  return (
    <g class={`arrow ${kind}`} aria-hidden="true">
      <path d={curve(points)} marker-end="url(#tip)" />
      {label !== '' && middle !== undefined && (
        <text x={middle.x + 6} y={middle.y + 3}>
          {label}
        </text>
      )}
    </g>
  );
}

/** Through the middles of dagre's points, so that corners are round. */
function curve(points: Arrow['points']): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.at(-1) ?? first;
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    return `Q ${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return `M ${first.x} ${first.y} ${bends.join(' ')} L ${last.x} ${last.y}`;
}
