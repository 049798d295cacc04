import { isExpression } from '../data/jsonata-template.ts';
import type { Fields } from './fields.ts';
import { dynamic, jsonataTemplate, path, template } from './parse-data-fields.ts';
import type { Language, Surroundings } from './surroundings.ts';
import type { Batcher, DataFields, Handlers, Items, MapMode, State } from './state-machine.ts';

interface Common extends Handlers {
  readonly name: string;
  readonly data: DataFields;
  readonly next: string | undefined;
}

/** The longest Label, in characters (documented: Map state in Distributed mode). */
const MAX_LABEL = 40;

export function parseMapState(common: Common, fields: Fields, around: Surroundings): State | undefined {
  fields.requireOne('ItemProcessor', 'Iterator');
  const processorFields = fields.object(fields.has('ItemProcessor') ? 'ItemProcessor' : 'Iterator');
  const processor = processorFields && around.parseFlow(processorFields, { ...around, nested: true });
  const count = (given: Fields, name: string): number | undefined => given.integer(name, 0);
  const map = {
    type: 'Map' as const,
    ...common,
    // In a Map, Parameters is the former name of ItemSelector.
    data: common.data.language === 'JSONPath' ? { ...common.data, parameters: undefined } : common.data,
    mode: parseMode(fields, processorFields, around),
    items: parseItems(fields, around),
    itemSelector: template(fields, fields.has('ItemSelector') ? 'ItemSelector' : 'Parameters', around.language),
    maxConcurrency: dynamic(fields, 'MaxConcurrency', around.language, count) ?? {
      kind: 'constant' as const,
      value: 0,
    },
  };
  return processor && { ...map, processor };
}

function parseItems(fields: Fields, around: Surroundings): Items {
  if (around.language === 'JSONPath') {
    const itemsPath = path(fields, 'ItemsPath');
    return itemsPath ? { kind: 'path', path: itemsPath } : { kind: 'input' };
  }
  const items = fields.get('Items');
  if (items !== undefined && !Array.isArray(items) && !(typeof items === 'string' && isExpression(items))) {
    fields.fail('Expected value of type [ARRAY] or a JSONata expression', 'Items');
    return { kind: 'input' };
  }
  const parsed = jsonataTemplate(fields, 'Items');
  return parsed ? { kind: 'jsonata', template: parsed } : { kind: 'input' };
}

function parseMode(fields: Fields, processor: Fields | undefined, around: Surroundings): MapMode {
  const config = processor?.object('ProcessorConfig');
  if (config?.oneOf('Mode', ['INLINE', 'DISTRIBUTED']) !== 'DISTRIBUTED') {
    config?.refuse(['ExecutionType']);
    return { kind: 'INLINE' };
  }
  config.require('ExecutionType');
  config.oneOf('ExecutionType', ['STANDARD', 'EXPRESS']);
  checkLabel(fields);
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

function checkLabel(fields: Fields): void {
  const label = fields.string('Label');
  if (label === undefined) return;
  if (label.length > MAX_LABEL)
    fields.fail(`Label cannot exceed ${MAX_LABEL} characters`, 'Label', 'INVALID_LABEL_NAME');
  if (label === '') fields.fail('Label cannot be empty', 'Label', 'INVALID_LABEL_NAME');
}

function parseBatcher(fields: Fields, language: Language): Batcher {
  return {
    maxItems: dynamic(fields, 'MaxItemsPerBatch', language, (given, name) => given.integer(name, 1)),
    maxBytes: dynamic(fields, 'MaxInputBytesPerBatch', language, (given, name) => given.integer(name, 1)),
    batchInput: template(fields, 'BatchInput', language),
  };
}
