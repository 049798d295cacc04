import type { Syntax } from '../read/source-value.ts';
import { Copied, type Json } from './change.ts';

/** How the place of a change is written. */
export interface Style {
  readonly syntax: Syntax;
  /** The whitespace before the line that the value begins on. */
  readonly indent: string;
  /** Whether the text is inside of a quoted text, as one line. */
  readonly escaped: boolean;
  /** Whether the members around it stand in braces, on one line or with commas. */
  readonly flow: boolean;
}

const STEP = '  ';

/** @returns the value in the syntax of its place; lines after the first are indented below its own */
export function renderValue(value: Json, style: Style): string {
  const { syntax, escaped } = style;
  if (value instanceof Copied) return renderCopied(value, style);
  if (escaped) return JSON.stringify(JSON.stringify(value)).slice(1, -1);
  if (typeof value !== 'object' || value === null) return syntax === 'yaml' ? yamlScalar(value) : JSON.stringify(value);
  if (fitsOnALine(value)) return inline(value, style);
  if (syntax === 'yaml' && !style.flow) return yamlBlock(value, style);
  const inner = { ...style, indent: style.indent + STEP };
  const comma = syntax === 'hcl' && !Array.isArray(value) ? '' : ',';
  const parts = Array.isArray(value)
    ? value.map((item: Json) => renderValue(item, inner))
    : renderMembers(value, inner);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.map((part) => inner.indent + part).join(`${comma}\n`)}\n${style.indent}${close}`;
}

/** Lines of HCL that follow one another have their signs below one another, as `terraform fmt` has it. */
function renderMembers(value: object, style: Style): readonly string[] {
  const entries: readonly (readonly [string, Json])[] = Object.entries(value);
  const isLine = ([name, each]: readonly [string, Json]): boolean => !renderMember(name, each, style).includes('\n');
  return entries.map(([name, each], index) => {
    if (style.syntax !== 'hcl' || !isLine([name, each])) return renderMember(name, each, style);
    let [first, last] = [index, index];
    while (first > 0 && isLine(entries[first - 1] ?? ['', null])) first -= 1;
    while (last + 1 < entries.length && isLine(entries[last + 1] ?? ['', null])) last += 1;
    const names = entries.slice(first, last + 1).map(([other]) => renderKey(other, style).length);
    return renderMember(name, each, style, Math.max(...names));
  });
}

/** @returns a member with its name */
export function renderMember(name: string, value: Json, style: Style, width = 0): string {
  const key = renderKey(name, style);
  const between = style.syntax === 'hcl' ? ' = ' : ': ';
  const text = renderValue(value, style);
  return `${key.padEnd(style.syntax === 'hcl' && !text.includes('\n') ? width : 0)}${text.startsWith('\n') ? between.trimEnd() : between}${text}`;
}

export function renderKey(name: string, { syntax, escaped }: Style): string {
  if (escaped) return `\\"${name}\\"`;
  if (syntax === 'yaml') return /^[A-Za-z_][\w.$-]*$/.test(name) ? name : JSON.stringify(name);
  return syntax === 'hcl' && /^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name);
}

function renderCopied({ kind, parts }: Copied, style: Style): string {
  const { syntax, indent } = style;
  const below = indent + STEP;
  const indented = (part: string, by: string): string => part.replaceAll('\n', `\n${by}`);
  if (kind === 'value') return indented(parts.join('\n'), indent);
  if (kind === 'block') return `\n${below}${indented(parts.join('\n'), below)}`;
  if (parts.length === 0) return '{}';
  const lines = parts.map((part) => below + indented(part, below));
  if (syntax === 'yaml' && !style.flow) return `\n${lines.join('\n')}`;
  return `{\n${lines.join(syntax === 'hcl' ? '\n' : ',\n')}\n${indent}}`;
}

const isScalar = (value: Json): boolean =>
  typeof value !== 'object' || value === null || (value instanceof Copied && value.kind === 'value');

/** A list or a map of scalars, short enough for one line. */
function fitsOnALine(value: Json): boolean {
  const parts = Array.isArray(value)
    ? (value as readonly Json[])
    : Object.values(value as object as Record<string, Json>);
  return parts.every((part) => isScalar(part) && !(part instanceof Copied)) && JSON.stringify(value).length <= 120;
}

function inline(value: Json, style: Style): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => renderValue(item, style)).join(', ')}]`;
  const members = Object.entries(value as Record<string, Json>).map(([name, each]) => renderMember(name, each, style));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function yamlBlock(value: Json, style: Style): string {
  const inner = { ...style, indent: style.indent + STEP };
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => `${inner.indent}- ${itemInBlock(item, inner)}`);
    return `\n${items.join('\n')}`;
  }
  const members = Object.entries(value as Record<string, Json>);
  return `\n${members.map(([name, each]) => inner.indent + renderMember(name, each, inner)).join('\n')}`;
}

/** The first member of an item stands beside its dash, the others below it. */
function itemInBlock(item: Json, style: Style): string {
  if (isScalar(item) || Array.isArray(item) || item instanceof Copied)
    return renderValue(item, { ...style, flow: true });
  const inner = { ...style, indent: style.indent + STEP };
  return Object.entries(item as Record<string, Json>)
    .map(([name, each]) => renderMember(name, each, inner))
    .join(`\n${inner.indent}`);
}

/** A text needs quotes where YAML would take it for something else. */
function yamlScalar(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const plain =
    /^[A-Za-z$/][\w$./@ -]*(?::[\w$./@-]+|:{2,}[\w$./@-]+)*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off)$/i.test(value);
  return plain && value.trim() === value ? value : JSON.stringify(value);
}
