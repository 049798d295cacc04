import { AwsError } from '../../kernel/aws-error.ts';
import { compilePath, type EventPath } from './event-path.ts';
import type { BusEvent } from './bus-event.ts';

/** The rule that sends. */
interface Sender {
  readonly name: string;
  readonly arn: string;
}

/** What a target is sent for an event, as text. */
export type TargetInput = (event: BusEvent, rule: Sender) => string;

/** The members of a target that say what it is sent; at most one of them. */
export interface GivenInput {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?: GivenTransformer | undefined;
}

interface GivenTransformer {
  readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
  readonly InputTemplate: string;
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** The whole event, or what Input, InputPath or InputTransformer make of it. @throws {AwsError} ValidationException */
export function compileTargetInput({ Input, InputPath, InputTransformer }: GivenInput): TargetInput {
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1) {
    throw invalid('Only one of Input, InputPath, or InputTransformer must be provided.');
  }
  if (Input !== undefined) return constantInput(Input);
  if (InputPath !== undefined) {
    const path = compilePath(InputPath, 'InputPath');
    return (event) => JSON.stringify(path(event) ?? {});
  }
  if (InputTransformer !== undefined) return compileTransformer(InputTransformer);
  return (event) => JSON.stringify(event);
}

function constantInput(input: string): TargetInput {
  try {
    JSON.parse(input);
  } catch {
    throw invalid('Parameter Input is not valid. Reason: JSON syntax error in input.');
  }
  return () => input;
}

type Source = (event: BusEvent, rule: Sender) => unknown;

/** What templates may name without a path of their own. [documented: User Guide, "Amazon EventBridge input transformation"] */
const PREDEFINED: Readonly<Record<string, Source>> = {
  'aws.events.rule-arn': (_, rule) => rule.arn,
  'aws.events.rule-name': (_, rule) => rule.name,
  'aws.events.event.ingestion-time': (event) => event.time,
  'aws.events.event': (event) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail')),
  'aws.events.event.json': (event) => event,
};

function compileTransformer({ InputPathsMap = {}, InputTemplate }: GivenTransformer): TargetInput {
  const paths = new Map<string, EventPath>(
    Object.entries(InputPathsMap).map(([name, path]) => [name, compilePath(path, 'InputPathsMap')]),
  );
  const pieces = parseTemplate(InputTemplate).map(({ text, placeholder, quoted }): TargetInput => {
    if (placeholder === undefined) return () => text;
    const source: Source | undefined = paths.get(placeholder) ?? PREDEFINED[placeholder];
    if (source === undefined) {
      throw invalid(`Invalid InputTemplate for target: <${placeholder}> is not in InputPathsMap.`);
    }
    return (event, rule) => {
      const value = source(event, rule);
      return quoted ? withinQuotes(value) : JSON.stringify(value ?? null);
    };
  });
  return (event, rule) => pieces.map((piece) => piece(event, rule)).join('');
}

interface Piece {
  readonly text: string;
  readonly placeholder?: string | undefined;
  /** Whether the placeholder stands between quotation marks of the template. */
  readonly quoted: boolean;
}

const PLACEHOLDER = /<([\w.-]+)>/g;

function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let quoted = false;
  let position = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const text = template.slice(position, match.index);
    if (countQuotes(text) % 2 === 1) quoted = !quoted;
    pieces.push({ text, quoted }, { text: match[0], placeholder: match[1], quoted });
    position = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(position), quoted: false }];
}

const countQuotes = (text: string): number => text.replace(/\\./g, '').split('"').length - 1;

function withinQuotes(value: unknown = ''): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
