/** CloudFormation's intrinsic functions, in their long and short forms, as text with placeholders for what only a deployment knows. */
import { type MappedText, TextBuilder } from './mapped-text.ts';
import { fillIn, placeholderFor } from './placeholder.ts';
import { entriesOf, itemsIn, type SourceValue, textIn } from './source-value.ts';

interface Call {
  readonly name: string;
  readonly argument: SourceValue;
}

/** @returns the function that the value calls: `!Sub x`, `{ "Fn::Sub": x }`, `!Ref x`, `{ "Ref": x }` */
export function callIn(value: SourceValue): Call | undefined {
  if (value.tag !== undefined) {
    const short = value.tag.slice(1);
    return { name: UNPREFIXED.has(short) ? short : `Fn::${short}`, argument: { ...value, tag: undefined } };
  }
  const [only, other] = entriesOf(value);
  if (!only || other || !(UNPREFIXED.has(only.name) || /^Fn::\w+$/.test(only.name))) return undefined;
  return { name: only.name, argument: only.value };
}

const UNPREFIXED: ReadonlySet<string> = new Set(['Ref', 'Condition']);

/** @returns the text that the value makes, with `${placeholders}`; undefined when it makes an object or a list */
export function textOfValue(value: SourceValue): MappedText | undefined {
  const call = callIn(value);
  if (call) return textOfCall(call, value.start);
  if (value.kind === 'text') return new TextBuilder().map(value.text, value.origins()).build(value.end);
  return value.kind === 'literal' ? new TextBuilder().make(value.json, value.start).build(value.end) : undefined;
}

function textOfCall({ name, argument }: Call, start: number): MappedText | undefined {
  switch (name) {
    case 'Fn::Sub':
      return substituted(argument);
    case 'Fn::Join':
      return joined(argument);
    case 'Fn::If': {
      const [, whenTrue, whenFalse] = itemsIn(argument);
      const bothTexts = [whenTrue, whenFalse].every((each) => each && textOfValue(each) !== undefined);
      return bothTexts ? placeholder(`If_${start}`, start) : undefined;
    }
    case 'Fn::Transform':
    case 'Fn::ToJsonString':
      return undefined;
    default:
      return placeholder(nameOf(argument) ?? `${name.replace('::', '_')}_${start}`, start);
  }
}

/** `!Ref Name`, `!GetAtt Name.Arn` and `{ "Fn::GetAtt": ["Name", "Arn"] }` are named by what they refer to. */
function nameOf(argument: SourceValue): string | undefined {
  const texts = argument.kind === 'list' ? argument.items.map(textIn) : [textIn(argument)];
  return texts.every((text) => text !== undefined) ? texts.join('.') : undefined;
}

const placeholder = (name: string, offset: number): MappedText =>
  new TextBuilder().make(placeholderFor(name, offset), offset).build(offset);

/** The list form has values for names; those that are written out are filled in. */
function substituted(argument: SourceValue): MappedText | undefined {
  const [template, values] = argument.kind === 'list' ? argument.items : [argument];
  const mapped = template?.kind === 'text' ? textOfValue(template) : undefined;
  return mapped && fillIn(mapped, literalsOf(values));
}

/** @returns the values of a map that are written out, by name */
export const literalsOf = (values: SourceValue | undefined): ReadonlyMap<string, string> =>
  new Map(
    entriesOf(values).flatMap(({ name, value }) => {
      if (value.tag !== undefined) return [];
      if (value.kind === 'text' && !value.text.includes('${')) return [[name, value.text] as const];
      return value.kind === 'literal' && value.json !== 'null' ? [[name, value.json] as const] : [];
    }),
  );

function joined(argument: SourceValue): MappedText | undefined {
  const [delimiter, list] = itemsIn(argument);
  const between = textIn(delimiter);
  if (between === undefined || list?.kind !== 'list' || list.tag !== undefined) {
    return placeholder(`Join_${argument.start}`, argument.start);
  }
  const builder = new TextBuilder();
  for (const [index, item] of list.items.entries()) {
    if (index > 0) builder.make(between, item.start);
    const piece = textOfValue(item) ?? placeholder(`Join_${item.start}`, item.start);
    builder.append(piece);
  }
  return builder.build(argument.end);
}
