import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, list, mapOf, number, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import { groupResource, logGroupName, nextToken, refuseToken, type LogGroup, type LogGroups } from './log-groups.ts';

export interface MetricFilter {
  readonly name: string;
  readonly pattern: string;
  readonly transformations: readonly JsonObject[];
  readonly createdAt: Millis;
}

/** Of one log group. [documented: CloudWatch Logs User Guide, "Quotas"] */
const MAX_FILTERS = 100;

const filterName = text({ min: 1, max: 512, pattern: /[^:*]*/ });
const metricName = text({ max: 255, pattern: /[^:*$]*/ });

const transformation = structure({
  metricName: required(metricName),
  metricNamespace: required(metricName),
  metricValue: required(text({ max: 100 })),
  defaultValue: optional(number()),
  dimensions: optional(mapOf(text({ max: 255 }))),
  unit: withDefault(text(), 'None'),
});

/** Filters that make metrics of lines. They are kept; there are no metrics here that they could add to. */
export const metricFilterActions = (groups: LogGroups): Record<string, UnboundAction> => ({
  PutMetricFilter: putMetricFilter(groups),

  DescribeMetricFilters: action(
    {
      logGroupName: optional(text({ min: 1, max: 512 })),
      filterNamePrefix: withDefault(filterName, ''),
      metricName: optional(metricName),
      metricNamespace: optional(metricName),
      limit: optional(integer({ min: 1, max: 50 })),
      nextToken,
    },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName ?? '')],
      evidence: 'documented',
      run({ filterNamePrefix, limit, nextToken: token, ...request }) {
        const among = request.logGroupName === undefined ? groups.all() : [groups.find(request.logGroupName)];
        const isWanted = (filter: MetricFilter): boolean =>
          filter.name.startsWith(filterNamePrefix) && makesMetric(filter, request.metricNamespace, request.metricName);
        const found = filtersOf(among).filter(({ filter }) => isWanted(filter));
        const { items, next } = pageOf(found, { size: limit, token }, { usual: 50, refuse: refuseToken });
        return { metricFilters: items.map(shown), ...(next !== undefined && { nextToken: next }) };
      },
    },
  ),

  DeleteMetricFilter: action(
    { logGroupName, filterName: required(filterName) },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName)],
      evidence: 'documented',
      run(request) {
        if (!groups.find(request.logGroupName).metricFilters.delete(request.filterName)) {
          throw new AwsError('ResourceNotFoundException', 'The specified metric filter does not exist.');
        }
        return {};
      },
    },
  ),
});

const putMetricFilter = (groups: LogGroups): UnboundAction =>
  action(
    {
      logGroupName,
      filterName: required(filterName),
      filterPattern: required(text({ max: 1024 })),
      metricTransformations: required(list(transformation, { min: 1, max: 1 })),
    },
    {
      resources: (request, caller) => [groupResource(caller, request.logGroupName)],
      evidence: 'documented',
      run({ filterPattern, metricTransformations: transformations, ...request }) {
        const { metricFilters } = groups.find(request.logGroupName);
        const before = metricFilters.get(request.filterName);
        if (before === undefined && metricFilters.size === MAX_FILTERS) {
          throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
        }
        refuseBothDefaults(transformations[0] ?? {});
        const createdAt = before?.createdAt ?? groups.world.clock.now();
        metricFilters.set(request.filterName, {
          name: request.filterName,
          pattern: filterPattern,
          transformations,
          createdAt,
        });
        return {};
      },
    },
  );

interface FilterOfGroup {
  readonly group: LogGroup;
  readonly filter: MetricFilter;
}

/** In the order of the filters' names. */
const filtersOf = (groups: Iterable<LogGroup>): FilterOfGroup[] =>
  [...groups]
    .flatMap((group) => [...group.metricFilters.values()].map((filter) => ({ group, filter })))
    .sort((a, b) => (a.filter.name < b.filter.name ? -1 : 1));

const makesMetric = ({ transformations: [made] }: MetricFilter, namespace?: string, name?: string): boolean =>
  (namespace === undefined || made?.['metricNamespace'] === namespace) &&
  (name === undefined || made?.['metricName'] === name);

/** A metric with dimensions has no value for a line that does not match. [documented: CloudWatch Logs API Reference, "MetricTransformation"] */
function refuseBothDefaults({ dimensions, defaultValue }: JsonObject): void {
  if (dimensions !== undefined && defaultValue !== undefined) {
    const message = 'Invalid metric transformation: dimensions and default value are mutually exclusive properties.';
    throw new AwsError('InvalidParameterException', message);
  }
}

const shown = ({ group, filter }: FilterOfGroup): JsonObject => ({
  filterName: filter.name,
  filterPattern: filter.pattern,
  metricTransformations: filter.transformations,
  creationTime: filter.createdAt,
  logGroupName: group.name,
});
