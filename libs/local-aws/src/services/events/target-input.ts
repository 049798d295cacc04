import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { compilePath, type EventPath } from '../../kit/event-pattern/event-path.ts';
import type { BusEvent, Rule } from './rule.ts';

/** What a target is sent for an event, as text. */
export type TargetInput = (event: BusEvent, rule: Rule) => string;

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/**
 * The whole event, or what Input, InputPath or InputTransformer (at most one of them) make of it.
 * @throws {AwsError} ValidationException
 */
export function compileTargetInput(target: JsonObject): TargetInput {
  const { Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((each) => each !== undefined).length > 1) {
    throw invalid('Only one of Input, InputPath, or InputTransformer must be provided.');
  }
  if (typeof Input === 'string') return constantInput(Input);
  if (typeof InputPath === 'string') {
    const path = compilePath(InputPath, 'InputPath');
    return (event) => JSON.stringify(path(event) ?? {});
  }
  if (InputTransformer !== undefined) return compileTransformer(InputTransformer as JsonObject);
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

/** What templates may name without a path of their own. */
const PREDEFINED: Readonly<Record<string, (event: BusEvent, rule: Rule) => unknown>> = {
  'aws.events.rule-arn': (_, rule) => rule.arn,
  'aws.events.rule-name': (_, rule) => rule.name,
  'aws.events.event.ingestion-time': (event) => event.time,
  'aws.events.event': (event) => Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail')),
  'aws.events.event.json': (event) => event,
};

const PLACEHOLDER = /<([\w.-]+)>/g;

function compileTransformer({ InputPathsMap = {}, InputTemplate }: JsonObject): TargetInput {
  if (typeof InputTemplate !== 'string' || InputTemplate === '')
    throw invalid('InputTransformer needs an InputTemplate.');
  const paths = new Map<string, EventPath>(
    Object.entries(InputPathsMap as Record<string, string>).map(([name, path]) => [
      name,
      compilePath(path, 'InputPathsMap'),
    ]),
  );
  const pieces = parseTemplate(InputTemplate);
  for (const { placeholder } of pieces) {
    if (placeholder !== undefined && !paths.has(placeholder) && PREDEFINED[placeholder] === undefined) {
      throw invalid(`Invalid InputTemplate for target: <${placeholder}> is not in InputPathsMap.`);
    }
  }
  return (event, rule) =>
    pieces
      .map(({ text, placeholder, quoted }) => {
        if (placeholder === undefined) return text;
        const value = (paths.get(placeholder) ?? ((all) => PREDEFINED[placeholder]?.(all as BusEvent, rule)))(event);
        return quoted ? withinQuotes(value) : JSON.stringify(value ?? null);
      })
      .join('');
}

interface Piece {
  readonly text: string;
  readonly placeholder?: string;
  /** Whether the placeholder stands between quotation marks of the template. */
  readonly quoted: boolean;
}

function parseTemplate(template: string): Piece[] {
  const pieces: Piece[] = [];
  let quoted = false;
  let position = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    const text = template.slice(position, match.index);
    if (countQuotes(text) % 2 === 1) quoted = !quoted;
    pieces.push({ text, quoted }, { text: match[0], placeholder: match[1] as string, quoted });
    position = match.index + match[0].length;
  }
  return [...pieces, { text: template.slice(position), quoted: false }];
}

const countQuotes = (text: string): number => text.replace(/\\./g, '').split('"').length - 1;

function withinQuotes(value: unknown = ''): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
