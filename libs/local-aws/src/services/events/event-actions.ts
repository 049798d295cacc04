import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { compilePattern } from '../../kit/event-pattern/event-pattern.ts';
import { parseJsonObject } from '../../kit/json-object.ts';
import { list, number, optional, required, structure, text, withDefault, type Check } from '../../kit/reader.ts';
import { createEvent, type BusEvent } from './bus-event.ts';
import { busArn, busName, type Bus, type Buses } from './buses.ts';

// [documented: API Reference, "PutEvents"; EventBridge quotas]
const MAX_ENTRIES = 10;
const MAX_TOTAL_BYTES = 1_048_576;

/** Epoch seconds; Step Functions hands over the text of the definition, as the SDK behind it takes it. [guessed] */
const time: Check<number> = (value, path, reading) =>
  number()(typeof value === 'string' ? Date.parse(value) / 1000 : value, path, reading);

/** Members that are missing fail their entry, not the request. */
const entry = structure({
  Time: optional(time),
  Source: optional(text()),
  Resources: withDefault(list(text()), []),
  DetailType: optional(text()),
  Detail: optional(text()),
  EventBusName: busName,
});
type Entry = ReturnType<typeof entry>;

/** The actions on events. `put` matches an event against the rules of a bus. */
export const eventActions = (
  world: World,
  buses: Buses,
  put: (bus: Bus, event: BusEvent) => void,
): Record<string, UnboundAction> => ({
  PutEvents: action(
    { Entries: required(list(entry, { min: 1, max: MAX_ENTRIES })) },
    {
      resources: ({ Entries }, caller) => [...new Set(Entries.map(({ EventBusName }) => busArn(caller, EventBusName)))],
      evidence: 'documented',
      run({ Entries }) {
        if (Entries.reduce((sum, each) => sum + entryBytes(each), 0) > MAX_TOTAL_BYTES) {
          throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
        }
        const results = Entries.map((each) => {
          const facts = readEntry(each);
          if ('ErrorCode' in facts) return facts;
          const event = createEvent(world, facts, each.Time);
          // An event for a bus that does not exist is accepted and dropped. [documented: API Reference, "PutEvents"]
          const bus = buses.get(each.EventBusName);
          if (bus !== undefined) put(bus, event);
          return { EventId: event.id };
        });
        return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
      },
    },
  ),

  TestEventPattern: action(
    { EventPattern: required(text({ max: 4096 })), Event: required(text()) },
    {
      evidence: 'documented',
      run: ({ EventPattern, Event }) => ({ Result: compilePattern(EventPattern)(parseEvent(Event)) }),
    },
  ),
});

/** [documented: EventBridge User Guide, "Calculating PutEvents event entry size"] */
function entryBytes({ Time, Source = '', DetailType = '', Detail = '', Resources }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, each) => sum + Buffer.byteLength(each), Time === undefined ? 0 : 14);
}

interface EntryRefusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function readEntry({ Source, DetailType, Detail, Resources }: Entry): Parameters<typeof createEvent>[1] | EntryRefusal {
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseJsonObject(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return { source: Source, 'detail-type': DetailType, resources: Resources, detail };
}

const missing = (member: string): EntryRefusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
});

const MANDATORY = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

/** @throws {AwsError} ValidationException */
function parseEvent(text: string): JsonObject {
  const event = parseJsonObject(text);
  if (event === undefined) {
    throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: JSON syntax error.');
  }
  const absent = MANDATORY.filter((member) => event[member] === undefined);
  if (absent.length === 0) return event;
  throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: it lacks ${absent.join(', ')}.`);
}
