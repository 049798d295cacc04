import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { Place, World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { list, optional, required, text, withDefault } from '../../kit/reader.ts';

interface Dashboard {
  readonly name: string;
  readonly body: string;
  readonly updatedAt: Millis;
}

const dashboardName = required(text({ min: 1, max: 255, pattern: /[\w-]+/ }));
const PAGE = 1000;

/** Dashboards are of the account, not of a region. */
const dashboardArn = (place: Place, name: string): string =>
  arnOf({ ...place, region: '' }, 'cloudwatch', `dashboard/${name}`);

/** The actions on dashboards, whose bodies are kept as they come. */
export function dashboardActions(world: World): Record<string, UnboundAction> {
  const evidence = 'documented';
  const dashboards = new Map<string, Dashboard>();
  const find = (name: string): Dashboard => {
    const dashboard = dashboards.get(name);
    if (dashboard !== undefined) return dashboard;
    throw new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, 404);
  };
  return {
    PutDashboard: action(
      { DashboardName: dashboardName, DashboardBody: required(text({ min: 1 })) },
      {
        resources: ({ DashboardName }, caller) => [dashboardArn(caller, DashboardName)],
        evidence,
        run({ DashboardName: name, DashboardBody: body }) {
          refuseNoObject(body);
          dashboards.set(name, { name, body, updatedAt: world.clock.now() });
          return { DashboardValidationMessages: [] };
        },
      },
    ),

    GetDashboard: action(
      { DashboardName: dashboardName },
      {
        resources: ({ DashboardName }, caller) => [dashboardArn(caller, DashboardName)],
        evidence,
        run({ DashboardName }) {
          const { name, body } = find(DashboardName);
          return { DashboardArn: dashboardArn(world, name), DashboardBody: body, DashboardName: name };
        },
      },
    ),

    ListDashboards: listDashboards(world, dashboards),

    DeleteDashboards: action(
      { DashboardNames: required(list(text())) },
      {
        resources: ({ DashboardNames }, caller) => DashboardNames.map((name) => dashboardArn(caller, name)),
        evidence,
        run({ DashboardNames: names }) {
          // All or none. [documented: CloudWatch API Reference, "DeleteDashboards"]
          names.forEach(find);
          for (const name of names) dashboards.delete(name);
          return {};
        },
      },
    ),
  };
}

const listDashboards = (world: World, dashboards: ReadonlyMap<string, Dashboard>): UnboundAction =>
  action(
    { DashboardNamePrefix: withDefault(text(), ''), NextToken: optional(text()) },
    {
      resources: (_request, caller) => [dashboardArn(caller, '*')],
      evidence: 'documented',
      run({ DashboardNamePrefix: prefix, NextToken: token }) {
        const found = [...dashboards.values()].filter(({ name }) => name.startsWith(prefix));
        const { items, next } = pageOf(found, { token }, { usual: PAGE, refuse: refuseToken });
        return {
          DashboardEntries: items.map(({ name, body, updatedAt }) => ({
            DashboardName: name,
            DashboardArn: dashboardArn(world, name),
            LastModified: new Date(updatedAt).toISOString(),
            Size: Buffer.byteLength(body),
          })),
          ...(next !== undefined && { NextToken: next }),
        };
      },
    },
  );

const refuseToken = (): AwsError => new AwsError('InvalidParameterValue', 'The specified next token is invalid.');

/** @throws {AwsError} InvalidParameterInput */
function refuseNoObject(body: string): void {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return;
  } catch {
    // Not JSON: refused below, as what is no object is.
  }
  const message = 'The field DashboardBody must be a valid JSON object';
  throw new AwsError('InvalidParameterInput', message, 400);
}
