import { expect, test } from 'vitest';
import { renderTemplate } from './template.ts';

test('a variable is filled in, as text or as a number', () => {
  expect(renderTemplate('{"a": "${name}", "b": ${ seconds }}', { name: 'x', seconds: 5 }, 'f')).toBe(
    '{"a": "x", "b": 5}',
  );
});

test('an escaped dollar stays, as in templatefile', () => {
  expect(renderTemplate('$${SSM_callbackId:?old} ${a}', { a: '1' }, 'f')).toBe('${SSM_callbackId:?old} 1');
});

test('a missing variable names the file, the variable and those there are', () => {
  expect(() => renderTemplate('${nmae}', { name: 'x' }, 'w.json')).toThrow(
    'w.json: there is no variable "nmae" for "${nmae}"; known: name',
  );
});

test('an expression of Terraform is refused, not misread', () => {
  expect(() => renderTemplate('${upper(name)}', { name: 'x' }, 'w.json')).toThrow('more than a variable');
});
