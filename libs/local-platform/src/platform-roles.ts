import type { LocalAws } from '@baton/local-aws';
import { reportOfHost, statementsOf } from './policies.ts';
import { queueArn } from './resources.ts';
import { createFunctionRole, createRole } from './roles.ts';
import { names, readPolicies, readTable, type FunctionTable, type PolicyVariables } from './wiring.ts';

/** The roles of the functions, whose rights are wiring, and that of hosts, as terraform/modules/ec2-worker makes it. */
export async function createPlatformRoles(
  aws: LocalAws,
  made: {
    readonly functions: FunctionTable;
    readonly noticeTopicArn: string;
    readonly apiExecutionArn: string;
    readonly mailFrom: string | undefined;
  },
): Promise<void> {
  const policies = readPolicies(policyVariables(aws, made));
  for (const [name, { queues = [] }] of Object.entries(made.functions)) {
    await createFunctionRole(aws, {
      roleName: names.role(name),
      functionName: names.function(name),
      statements: statementsOf(policies, policies.functions[name] ?? []),
      queues: queues.map(({ queue }) => queueArn(aws, names.queue(queue))),
    });
  }
  await createRole(aws, {
    name: names.hostRole,
    service: 'ec2.amazonaws.com',
    statements: [reportOfHost(made.apiExecutionArn)],
  });
}

/** What the placeholders of policies.json stand for here. State machines and workers may have any name, and hosts any tag. */
function policyVariables(
  aws: LocalAws,
  { noticeTopicArn, mailFrom }: { readonly noticeTopicArn: string; readonly mailFrom: string | undefined },
): PolicyVariables {
  const { region, accountId } = aws.world;
  const arn = (service: string, resource: string): string => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const tableArn = arn('dynamodb', `table/${names.table}`);
  return {
    completions_queue_arn: queueArn(aws, names.queue('completions')),
    dead_letter_arns: arn('sqs', '*-dead'),
    dns_suffix: 'amazonaws.com',
    execution_arns: arn('states', 'execution:*:*'),
    host_tag_key: names.hostTag.key,
    host_tag_value: names.hostTag.value,
    index_arns: Object.keys(readTable().indexes).map((index) => `${tableArn}/index/${index}`),
    instance_arns: arn('ec2', 'instance/*'),
    key_arns: arn('kms', 'key/*'),
    link_key_aliases: names.linkKeyAlias,
    // "Baton <baton@example.com>" is from baton@example.com.
    mail_address: /<(.+)>$/.exec(mailFrom ?? '')?.[1] ?? mailFrom ?? 'none',
    mail_arns:
      mailFrom === undefined
        ? []
        : [arn('ses', 'identity/*'), arn('ses', `configuration-set/${names.mailConfigurationSet}`)],
    mail_queue_arns: mailFrom === undefined ? [] : queueArn(aws, names.queue('mail')),
    notice_topic_arn: noticeTopicArn,
    region,
    run_document_arn: arn('ssm', `document/${names.runDocument}`),
    settled_arns: arn('states', 'stateMachine:*'),
    state_machine_arns: arn('states', 'stateMachine:*'),
    state_machine_key_arns: [],
    table_arn: tableArn,
    worker_function_arns: arn('lambda', 'function:*'),
    worker_queue_arns: arn('sqs', '*'),
  };
}
