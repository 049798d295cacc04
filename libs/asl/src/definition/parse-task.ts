import type { TaskResource } from '../protocol.ts';
import { type Fields, MAX_INTEGER } from './fields.ts';
import { dynamic, template } from './parse-data-fields.ts';
import type { Surroundings } from './surroundings.ts';
import { type ParsedResource, parseResource } from './resource.ts';
import type { DataFields, Dynamic, Handlers, TaskState } from './state-machine.ts';

interface Common extends Handlers {
  readonly name: string;
  readonly data: DataFields;
  readonly next: string | undefined;
}

export function parseTask(common: Common, fields: Fields, around: Surroundings): TaskState | undefined {
  fields.require('Resource');
  const parsed = readResource(fields, around);
  checkCredentials(fields, parsed?.resource);
  const seconds = (given: Fields, name: string): number | undefined => given.integer(name, 1, MAX_INTEGER);
  const timeoutSeconds = dynamic(fields, 'TimeoutSeconds', around.language, seconds);
  const heartbeatSeconds = dynamic(fields, 'HeartbeatSeconds', around.language, seconds);
  checkHeartbeat(fields, timeoutSeconds, heartbeatSeconds);
  const credentials = template(fields, 'Credentials', around.language);
  if (!parsed) return undefined;
  const { resource, text } = parsed;
  return { type: 'Task', ...common, resource, resourceText: text, timeoutSeconds, heartbeatSeconds, credentials };
}

function readResource(fields: Fields, around: Surroundings): ParsedResource | undefined {
  const arn = fields.string('Resource');
  if (arn === undefined) return undefined;
  const parsed = parseResource(arn);
  if (parsed) {
    if (around.express) checkExpress(parsed.resource, fields);
    return parsed;
  }
  const unknown =
    `The resource provided ${arn} is not recognized. ` +
    'The value is not a valid resource ARN, or the resource is not available in this region.';
  fields.fail(arn.startsWith('arn:') ? unknown : 'Value is not a valid resource ARN', 'Resource');
  return undefined;
}

function checkExpress(resource: TaskResource, fields: Fields): void {
  if (resource.kind === 'activity') fields.fail('Express state machine does not support Activity ARN', 'Resource');
  if (resource.kind !== 'integration' || resource.pattern === 'requestResponse') return;
  // AWS's message really ends in a space for this pattern.
  const [suffix, blank] = resource.pattern === 'waitForTaskToken' ? ['.waitForTaskToken', ' '] : ['.sync', ''];
  fields.fail(`Express state machine does not support '${suffix}' service integration${blank}`, 'Resource');
}

function checkCredentials(fields: Fields, resource: TaskResource | undefined): void {
  const credentials = fields.has('Credentials') ? fields.object('Credentials') : undefined;
  if (!credentials) return;
  if (resource?.kind === 'activity') {
    fields.fail(`The field 'Credentials' is not supported for activities`, 'Credentials');
  }
  if (!credentials.has('RoleArn') && !credentials.has('RoleArn.$')) {
    credentials.fail(`The field 'RoleArn' is required but was missing`);
  }
}

function checkHeartbeat(
  fields: Fields,
  timeout: Dynamic<number> | undefined,
  heartbeat: Dynamic<number> | undefined,
): void {
  if (timeout?.kind !== 'constant' || heartbeat?.kind !== 'constant' || heartbeat.value < timeout.value) return;
  fields.fail('Heartbeat interval must be smaller than timeout interval', 'HeartbeatSeconds');
}
