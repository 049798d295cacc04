import { isExpression, parseJsonataTemplate } from '../data/jsonata-template.ts';
import type { Fields } from './fields.ts';
import { dynamic, jsonataTemplate, path, template } from './parse-data-fields.ts';
import { parseFlow, type Surroundings } from './parse-flow.ts';
import type { Batcher, DataFields, Handlers, Items, MapMode, State } from './state-machine.ts';

interface Common {
  readonly name: string;
  readonly data: DataFields;
}

export function parseMapState(
  common: Common,
  rest: Handlers & { readonly next: string | undefined },
  fields: Fields,
  around: Surroundings,
): State | undefined {
  const processorName = fields.has('Iterator') && !fields.has('ItemProcessor') ? 'Iterator' : 'ItemProcessor';
  fields.require(processorName);
  const processorFields = fields.object(processorName);
  const processor = processorFields && parseFlow(processorFields, around);
  const mode = parseMode(fields, processorFields, around);
  const count = (given: Fields, name: string): number | undefined => given.integer(name, 0);
  const map = {
    type: 'Map' as const,
    ...common,
    ...rest,
    mode,
    items: parseItems(fields, around),
    // Parameters is the old name of ItemSelector.
    itemSelector: template(fields, fields.has('ItemSelector') ? 'ItemSelector' : 'Parameters', around.language),
    maxConcurrency: dynamic(fields, 'MaxConcurrency', around.language, count) ?? {
      kind: 'constant' as const,
      value: 0,
    },
  };
  if (!processor) return undefined;
  const data = map.data.language === 'JSONPath' ? { ...map.data, parameters: undefined } : map.data;
  return { ...map, data, processor };
}

function parseItems(fields: Fields, around: Surroundings): Items {
  if (around.language === 'JSONPath') {
    const itemsPath = path(fields, 'ItemsPath');
    return itemsPath ? { kind: 'path', path: itemsPath } : { kind: 'input' };
  }
  const items = fields.get('Items');
  if (items !== undefined && !Array.isArray(items) && !(typeof items === 'string' && isExpression(items))) {
    fields.fail('Value is not an array or a JSONata expression', 'Items');
    return { kind: 'input' };
  }
  const parsed = fields.parse('Items', parseJsonataTemplate, (error) => error.message);
  return parsed ? { kind: 'jsonata', template: parsed } : { kind: 'input' };
}

function parseMode(fields: Fields, processor: Fields | undefined, around: Surroundings): MapMode {
  const config = processor?.object('ProcessorConfig');
  if (config?.string('Mode') !== 'DISTRIBUTED') return { kind: 'INLINE' };
  const { language } = around;
  const batcher = fields.object('ItemBatcher');
  return {
    kind: 'DISTRIBUTED',
    label: fields.string('Label'),
    unsupported: fields.has('ItemReader') ? 'ItemReader' : fields.has('ResultWriter') ? 'ResultWriter' : undefined,
    batcher: batcher && parseBatcher(batcher, language),
    toleratedFailureCount: dynamic(fields, 'ToleratedFailureCount', language, (given, name) => given.integer(name, 0)),
    toleratedFailurePercentage: dynamic(fields, 'ToleratedFailurePercentage', language, (given, name) =>
      given.number(name, 0, 100),
    ),
  };
}

function parseBatcher(fields: Fields, language: 'JSONPath' | 'JSONata'): Batcher {
  return {
    maxItems: dynamic(fields, 'MaxItemsPerBatch', language, (given, name) => given.integer(name, 1)),
    maxBytes: dynamic(fields, 'MaxInputBytesPerBatch', language, (given, name) => given.integer(name, 1)),
    batchInput:
      language === 'JSONata' ? jsonataTemplate(fields, 'BatchInput') : template(fields, 'BatchInput', language),
  };
}
