import type { JsonObject } from '../../kernel/service.ts';
import type { Association, AssociationRun, AssociationStatus } from './associations.ts';

function overviewOf({ runs }: Association): JsonObject {
  const statuses = [...runs.values()].map(({ status }) => status);
  const counts = statuses.reduce<Partial<Record<AssociationStatus, number>>>(
    (sums, status) => ({ ...sums, [status]: (sums[status] ?? 0) + 1 }),
    {},
  );
  const worst = (['Failed', 'Pending'] as const).find((status) => statuses.includes(status));
  const status = worst ?? (statuses.length > 0 ? 'Success' : 'Pending');
  return { Status: status, DetailedStatus: status, AssociationStatusAggregatedCount: counts };
}

export function listedOf(association: Association): JsonObject {
  const { id, name, version, settings, runs } = association;
  const last = Math.max(...[...runs.values()].map(({ startedAt }) => startedAt));
  return {
    AssociationId: id,
    Name: name,
    AssociationVersion: String(version),
    DocumentVersion: settings.documentVersion,
    Targets: settings.targets,
    ...(settings.associationName !== undefined && { AssociationName: settings.associationName }),
    ...(runs.size > 0 && { LastExecutionDate: last / 1000 }),
    Overview: overviewOf(association),
  };
}

export function descriptionOf(association: Association): JsonObject {
  const { settings, createdAt, updatedAt, runs } = association;
  const failed = [...runs.values()].find(({ status }) => status === 'Failed');
  return {
    ...settings.shown,
    ...listedOf(association),
    Parameters: settings.parameters,
    Date: createdAt / 1000,
    LastUpdateAssociationDate: updatedAt / 1000,
    ...(failed !== undefined && {
      Status: { Name: 'Failed', Date: failed.startedAt / 1000, Message: failed.summary || 'Failed' },
    }),
  };
}

export const executionOf = (
  { id }: Association,
  { executionId, version, startedAt, status }: AssociationRun,
): JsonObject => ({
  AssociationId: id,
  AssociationVersion: String(version),
  ExecutionId: executionId,
  Status: status,
  DetailedStatus: status,
  CreatedTime: startedAt / 1000,
  LastExecutionDate: startedAt / 1000,
});

export const instanceStatusOf = ({ id, name, settings }: Association, run: AssociationRun): JsonObject => ({
  AssociationId: id,
  Name: name,
  DocumentVersion: settings.documentVersion,
  AssociationVersion: String(run.version),
  InstanceId: run.host.instanceId,
  ExecutionDate: run.startedAt / 1000,
  Status: run.status,
  DetailedStatus: run.status,
  ExecutionSummary: run.summary,
  ...(settings.associationName !== undefined && { AssociationName: settings.associationName }),
});
