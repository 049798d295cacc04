/** What the placeholders of a scenario (`{{id.attribute}}`) stand for in this run. */
export type Values = Map<string, unknown>;

/** The same with every placeholder replaced. One that stands alone may be any value, one within a text is text. */
export function resolve(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const whole = values.get(value);
    if (values.has(value) && typeof whole !== 'string') return whole;
    return value.replace(/\{\{[^}]+\}\}/g, (placeholder) => (values.get(placeholder) ?? placeholder) as string);
  }
  if (Array.isArray(value)) return value.map((element) => resolve(element, values));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [resolve(name, values), resolve(member, values)]);
  return Object.fromEntries(entries) as unknown;
}
