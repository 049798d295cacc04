import type { TaskResource } from '../protocol.ts';

const LAMBDA = /^arn:[\w-]+:lambda:[\w-]*:\d*:function:.+$/;
const ACTIVITY = /^arn:[\w-]+:states:[\w-]*:\d*:activity:.+$/;
const INTEGRATION = /^arn:[\w-]+:states:[\w-]*:\d*:((?:aws-sdk:)?[\w-]+):(\w+)(?:\.(sync|sync:2|waitForTaskToken))?$/;

export interface ParsedResource {
  readonly resource: TaskResource;
  /** What the history shows as the resource: of an integration its last part, e.g. `sendMessage.waitForTaskToken`. */
  readonly text: string;
}

/** Parses the Resource of a Task state. Returns undefined when it is not an ARN that a Task can call. */
export function parseResource(arn: string): ParsedResource | undefined {
  if (LAMBDA.test(arn)) return { resource: { kind: 'lambda', functionArn: arn }, text: arn };
  if (ACTIVITY.test(arn)) return { resource: { kind: 'activity', activityArn: arn }, text: arn };
  const [, service, action, suffix] = INTEGRATION.exec(arn) ?? [];
  if (service === undefined || action === undefined || !isOffered(service, action, suffix)) return undefined;
  const pattern = (suffix ?? 'requestResponse') as (TaskResource & { kind: 'integration' })['pattern'];
  return {
    resource: { kind: 'integration', service, action, pattern },
    text: suffix === undefined ? action : `${action}.${suffix}`,
  };
}

/**
 * The actions of the optimised integrations (documented: "Integrating services with Step Functions"). Every action supports
 * request-response; `!` adds `.sync`, `2` adds `.sync:2`, `*` adds `.waitForTaskToken`.
 */
const OPTIMISED: Readonly<Record<string, string>> = {
  apigateway: 'invoke*',
  athena: 'startQueryExecution! stopQueryExecution getQueryExecution getQueryResults',
  batch: 'submitJob!',
  bedrock: 'invokeModel* createModelCustomizationJob!',
  codebuild:
    'startBuild! stopBuild startBuildBatch! stopBuildBatch retryBuild! retryBuildBatch! batchDeleteBuilds batchGetReports deleteBuildBatch',
  databrew: 'startJobRun!',
  dynamodb: 'getItem putItem deleteItem updateItem',
  ecs: 'runTask!*',
  eks: 'call* runJob!* createCluster! deleteCluster! createNodegroup! deleteNodegroup! createFargateProfile! deleteFargateProfile!',
  elasticmapreduce:
    'addStep! cancelStep createCluster! terminateCluster! modifyInstanceFleetByName modifyInstanceGroupByName setClusterTerminationProtection',
  'emr-containers': 'createVirtualCluster deleteVirtualCluster! startJobRun!',
  'emr-serverless':
    'createApplication! deleteApplication! startApplication! stopApplication! startJobRun! cancelJobRun!',
  events: 'putEvents*',
  glue: 'startJobRun!',
  http: 'invoke',
  lambda: 'invoke*',
  mediaconvert: 'createJob!',
  sagemaker:
    'createEndpoint createEndpointConfig createHyperParameterTuningJob! createLabelingJob! createModel createProcessingJob! ' +
    'createTrainingJob! createTransformJob! updateEndpoint',
  sns: 'publish*',
  sqs: 'sendMessage*',
  states: 'startExecution!2*',
};

const MARKS = { sync: '!', 'sync:2': '2', waitForTaskToken: '*' } as const;

function isOffered(service: string, action: string, suffix: string | undefined): boolean {
  if (service.startsWith('aws-sdk:')) return suffix === undefined || suffix === 'waitForTaskToken';
  const [, marks] =
    OPTIMISED[service]
      ?.split(' ')
      .map((each) => /^(\w*[a-zA-Z])(.*)$/.exec(each)?.slice(1) as [string, string])
      .find(([name]) => name === action) ?? [];
  if (marks === undefined) return false;
  return suffix === undefined || marks.includes(MARKS[suffix as keyof typeof MARKS]);
}
