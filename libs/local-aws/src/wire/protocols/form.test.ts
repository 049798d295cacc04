import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseForm } from './form.ts';

type Value = string | Value[] | { [name: string]: Value };

/** As clients write it: lists as `.member.N`, structures as `.Name`. */
function flatten(value: Value, path: string, into: Record<string, string> = {}): Record<string, string> {
  if (typeof value === 'string') into[path] = value;
  else if (Array.isArray(value)) value.forEach((item, index) => flatten(item, `${path}.member.${index + 1}`, into));
  else
    for (const [name, member] of Object.entries(value)) flatten(member, path === '' ? name : `${path}.${name}`, into);
  return into;
}

const name = fc.stringMatching(/^[A-Z][a-zA-Z]{0,8}$/);
const { structure } = fc.letrec<{ value: Value; structure: { [name: string]: Value } }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.array(tie('value'), { minLength: 1, maxLength: 12 }),
    tie('structure'),
  ),
  structure: fc.dictionary(name, tie('value'), { minKeys: 1, maxKeys: 4 }),
}));

test('what was flattened is read back, however deep', () => {
  fc.assert(
    fc.property(structure, (members) => {
      expect(parseForm('sns', flatten(members, ''))).toEqual(members);
    }),
  );
});

test('maps are read with either spelling of their entries', () => {
  const members = {
    'Attributes.entry.1.key': 'a',
    'Attributes.entry.1.value': '1',
    'MessageAttributes.entry.1.Name': 'b',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'x',
  };
  expect(parseForm('sns', members)).toEqual({
    Attributes: { a: '1' },
    MessageAttributes: { b: { DataType: 'String', StringValue: 'x' } },
  });
});

test('EC2 numbers its lists under the name of one', () => {
  const members = {
    'InstanceId.1': 'i-1',
    'InstanceId.2': 'i-2',
    'Filter.1.Name': 'state',
    'Filter.1.Value.1': 'running',
    MaxCount: '2',
    DryRun: 'false',
  };
  expect(parseForm('ec2', members)).toEqual({
    InstanceIds: ['i-1', 'i-2'],
    Filters: [{ Name: 'state', Values: ['running'] }],
    MaxCount: '2',
    DryRun: 'false',
  });
});

test('the tenth comes after the second, and names of objects harm nobody', () => {
  const members = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`L.member.${10 - index}`, String(10 - index)]),
  );
  expect(parseForm('sns', members)).toEqual({ L: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] });
  parseForm('sns', { '__proto__.polluted': 'yes', 'constructor.prototype.polluted': 'yes' });
  expect({}).not.toHaveProperty('polluted');
});
