import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { flag, integer, json, list, optional, required, text, withDefault, type Members } from '../../kit/reader.ts';
import { tagList } from '../../kit/tags.ts';
import { descriptionOf, executionOf, instanceStatusOf, listedOf } from './association-shapes.ts';
import type { Associations, AssociationSettings } from './associations.ts';
import { documentName, documentVersion, refuseToken } from './document-actions.ts';
import { documentArn } from './documents.ts';
import { parameterLists } from './parameter-values.ts';
import { targetList } from './targets.ts';

const evidence = 'documented';
const associationId = text({ pattern: /[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}/ });
const pages = { MaxResults: optional(integer({ min: 1, max: 50 })), NextToken: optional(text()) };

/** Members that are kept, shown, and carried out by nobody here. */
const shownMembers = {
  ScheduleExpression: optional(text({ min: 1, max: 256 })),
  OutputLocation: optional(json),
  AutomationTargetParameterName: optional(text({ min: 1, max: 50 })),
  MaxErrors: optional(text({ min: 1, max: 7 })),
  MaxConcurrency: optional(text({ min: 1, max: 7 })),
  ComplianceSeverity: optional(text()),
  SyncCompliance: optional(text()),
  ApplyOnlyAtCronInterval: optional(flag),
};

const settingsMembers = {
  ...shownMembers,
  DocumentVersion: withDefault(documentVersion, '$DEFAULT'),
  Parameters: parameterLists,
  Targets: targetList,
  AssociationName: optional(text({ pattern: /[a-zA-Z0-9_\-.]{3,128}/ })),
};

function settingsOf({
  DocumentVersion,
  Parameters,
  Targets,
  AssociationName,
  ...given
}: Members<typeof settingsMembers>) {
  if (Targets.length === 0) {
    throw new AwsError(
      'ValidationException',
      'Name the hosts in Targets: associations with one instance are not made here.',
    );
  }
  const shown = Object.fromEntries(
    Object.keys(shownMembers)
      .map((name) => [name, given[name as keyof typeof shownMembers]] as const)
      .filter(([, value]) => value !== undefined),
  ) as JsonObject;
  const settings: AssociationSettings = {
    documentVersion: DocumentVersion,
    parameters: Parameters,
    targets: Targets,
    associationName: AssociationName,
    shown,
  };
  return settings;
}

const associationArn = (id: string, caller: Caller): string => arnOf(caller, 'ssm', `association/${id}`);

/** The actions that change associations. */
export const associationActions = (associations: Associations): Record<string, UnboundAction> => ({
  CreateAssociation: action(
    { ...settingsMembers, Name: documentName, Tags: tagList('upper') },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run: ({ Name, Tags, ...given }) => ({
        AssociationDescription: descriptionOf(associations.create(Name, settingsOf(given), Tags)),
      }),
    },
  ),

  UpdateAssociation: action(
    { ...settingsMembers, AssociationId: required(associationId), Name: optional(text()) },
    {
      resources: ({ AssociationId }, caller) => [associationArn(AssociationId, caller)],
      evidence,
      run({ AssociationId, Name, ...given }) {
        const association = associations.find(AssociationId);
        if (Name !== undefined && Name !== association.name) {
          throw new AwsError(
            'ValidationException',
            'The document of an association cannot be changed here: make another one.',
          );
        }
        associations.update(association, settingsOf(given));
        return { AssociationDescription: descriptionOf(association) };
      },
    },
  ),

  DeleteAssociation: action(
    { AssociationId: required(associationId) },
    {
      resources: ({ AssociationId }, caller) => [associationArn(AssociationId, caller)],
      evidence,
      run({ AssociationId }) {
        associations.delete(associations.find(AssociationId));
        return {};
      },
    },
  ),

  StartAssociationsOnce: action(
    { AssociationIds: required(list(associationId, { min: 1, max: 10 })) },
    {
      resources: ({ AssociationIds }, caller) => AssociationIds.map((id) => associationArn(id, caller)),
      evidence,
      run({ AssociationIds }) {
        for (const association of AssociationIds.map((id) => associations.find(id))) associations.applyNow(association);
        return {};
      },
    },
  ),
});

/** The actions that show associations, and what became of them on their hosts. */
export const associationQueries = (associations: Associations): Record<string, UnboundAction> => ({
  DescribeAssociation: action(
    { AssociationId: required(associationId) },
    {
      resources: ({ AssociationId }, caller) => [associationArn(AssociationId, caller)],
      evidence,
      run: ({ AssociationId }) => ({ AssociationDescription: descriptionOf(associations.find(AssociationId)) }),
    },
  ),

  ListAssociations: action(pages, {
    evidence,
    run: ({ MaxResults, NextToken }) => page('Associations', associations.list().map(listedOf), MaxResults, NextToken),
  }),

  DescribeAssociationExecutions: action(
    { ...pages, AssociationId: required(associationId) },
    {
      evidence,
      run({ AssociationId, MaxResults, NextToken }) {
        const association = associations.find(AssociationId);
        const shown = [...association.runs.values()].map((run) => executionOf(association, run));
        return page('AssociationExecutions', shown, MaxResults, NextToken);
      },
    },
  ),

  DescribeAssociationExecutionTargets: action(
    { ...pages, AssociationId: required(associationId), ExecutionId: required(text()) },
    {
      evidence,
      run({ AssociationId, ExecutionId, MaxResults, NextToken }) {
        const association = associations.find(AssociationId);
        const runs = [...association.runs.values()].filter(({ executionId }) => executionId === ExecutionId);
        const shown = runs.map((run) => ({
          ...executionOf(association, run),
          ResourceId: run.host.instanceId,
          ResourceType: 'ManagedInstance',
        }));
        return page('AssociationExecutionTargets', shown, MaxResults, NextToken);
      },
    },
  ),

  DescribeInstanceAssociationsStatus: action(
    { ...pages, InstanceId: required(text()) },
    {
      evidence,
      run({ InstanceId, MaxResults, NextToken }) {
        const shown = associations.list().flatMap((association) => {
          const run = association.runs.get(InstanceId);
          return run === undefined ? [] : [instanceStatusOf(association, run)];
        });
        return page('InstanceAssociationStatusInfos', shown, MaxResults, NextToken);
      },
    },
  ),
});

function page(member: string, all: readonly JsonObject[], size?: number, token?: string): JsonObject {
  const { items, next } = pageOf(all, { size, token }, { usual: 50, refuse: refuseToken });
  return { [member]: items, ...(next !== undefined && { NextToken: next }) };
}
