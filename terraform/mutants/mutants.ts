/** A fault that somebody could make without noticing, and the tests that must notice. */
export interface Mutant {
  readonly fault: string;
  /** From the folder terraform/. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** A folder whose `terraform test` must fail; `checks` for the tests in TypeScript. */
  readonly caughtBy: string;
}

const platform = (fault: string, file: string, from: string, to: string): Mutant => ({
  fault,
  file: `modules/platform/${file}`,
  from,
  to,
  caughtBy: 'modules/platform',
});
const within =
  (module: string) =>
  (fault: string, file: string, from: string, to: string): Mutant => ({
    fault,
    file: `modules/${module}/${file}`,
    from,
    to,
    caughtBy: `modules/${module}`,
  });
const machine = within('state-machine');
const fn = within('function');
const store = within('callback-store');
const worker = within('ec2-worker');
const oidc = within('github-oidc');
const queue = within('queue-worker');
const approvals = within('approvals');
const environment: typeof platform = (fault, file, from, to) => ({
  fault,
  file: `environment/${file}`,
  from,
  to,
  caughtBy: 'environments/prod',
});
const check = (fault: string, file: string, from: string, to: string): Mutant => ({
  fault,
  file,
  from,
  to,
  caughtBy: 'checks',
});

export const mutants: readonly Mutant[] = [
  // Policies
  platform(
    'every action of Step Functions',
    'wiring/policies.json',
    '"states:SendTaskFailure", "states:SendTaskHeartbeat"',
    '"states:*"',
  ),
  platform('tasks of every state machine', 'statements.tf', '? ["*"] : local.state_machine_arns', '? ["*"] : ["*"]'),
  platform(
    'commands to every instance',
    'wiring/policies.json',
    '"aws:ResourceTag/${host_tag_key}"',
    '"aws:ResourceTag/name"',
  ),
  platform('any document may be sent', 'wiring/policies.json', '["${run_document_arn}"]', '["*"]'),
  platform('the dispatcher settles tasks', 'wiring/policies.json', '"findCommands",', '"findCommands", "settleTasks",'),
  platform(
    'the HTTP handler runs commands',
    'wiring/policies.json',
    '"completer-http": [',
    '"completer-http": ["followCommands", ',
  ),
  platform(
    'every table is read',
    'wiring/policies.json',
    '"dynamodb:GetItem", "dynamodb:PutItem"],\n      "resources": ["${table_arn}"]',
    '"dynamodb:GetItem", "dynamodb:PutItem"],\n      "resources": ["${table_arn}*"]',
  ),
  platform(
    'rules of every account send dead letters',
    'dead-letters.tf',
    'variable = "aws:SourceAccount"\n      values   = [local.account_id]',
    'variable = "aws:SourceAccount"\n      values   = ["*"]',
  ),
  platform(
    'rules of others use the key',
    'key.tf',
    'values   = ["dynamodb.${local.region}',
    'values   = ["*.${local.region}',
  ),
  platform(
    'who administers the key decrypts',
    'key.tf',
    '"kms:CancelKeyDeletion",',
    '"kms:CancelKeyDeletion",\n      "kms:Decrypt",',
  ),
  machine('the role without its machine', 'role.tf', 'variable = "aws:SourceArn"', 'variable = "aws:PrincipalArn"'),
  machine(
    'the role for other accounts',
    'role.tf',
    'values   = [data.aws_caller_identity.current.account_id]',
    'values   = ["*"]',
  ),
  machine(
    'the key for every machine',
    'role.tf',
    'variable = "kms:EncryptionContext:aws:states:stateMachineArn"',
    'variable = "kms:ViaService"',
  ),
  fn('logs of every function', 'role.tf', 'log-group:/aws/lambda/${var.name}:log-stream:*', 'log-group:*'),
  fn('wildcard actions accepted', 'variables.tf', 'strcontains(action, "*")', 'strcontains(action, "**")'),
  fn('any resource without a reason', 'variables.tf', ' || statement.any_resource_because != null', ' || true'),
  worker(
    'people take the role of hosts',
    'main.tf',
    'type        = "Service"\n      identifiers = ["ec2.${data.aws_partition.current.dns_suffix}"]',
    'type        = "AWS"\n      identifiers = ["*"]',
  ),
  worker(
    'hosts read parameters',
    'main.tf',
    '"ssm:DescribeAssociation",',
    '"ssm:DescribeAssociation",\n      "ssm:GetParameter",',
  ),
  worker('hosts call every route', 'main.tf', '/*/POST/callbacks/*/${verb}', '/*'),
  oidc(
    'every workflow plans',
    'main.tf',
    'test     = "StringEquals"\n      variable = "${local.issuer}:sub"',
    'test     = "StringLike"\n      variable = "${local.issuer}:sub"',
  ),
  oidc('pull requests apply', 'main.tf', 'github = var.environment, name', 'github = "${var.environment}-plan", name'),
  oidc('tokens for others accepted', 'main.tf', 'values   = ["sts.amazonaws.com"]', 'values   = ["*"]'),
  oidc(
    'the plan role reads callbacks',
    'reads.tf',
    '"dynamodb:DescribeTable", ',
    '"dynamodb:DescribeTable", "dynamodb:GetItem", ',
  ),
  oidc('the plan role writes', 'main.tf', 'plan-read = ["plan", "read"]', 'plan-read = ["plan", "write"]'),
  oidc(
    'the apply role changes itself',
    'main.tf',
    'name = "github-${var.name_prefix}-${var.environment}-apply"',
    'name = "${var.name_prefix}-github-apply"',
  ),
  oidc('every key of the account is administered', 'writes.tf', 'conditions = local.tagged', 'conditions = {}'),
  platform('work given to the handlers', 'main.tf', '["${var.name_prefix}-work-*"]', '["${var.name_prefix}-*"]'),
  platform(
    'prefixes that cover the handlers accepted',
    'variables.tf',
    'startswith("${var.name_prefix}-", trimsuffix(name, "*"))',
    'startswith("${var.name_prefix}-", "#")',
  ),
  platform('links signed by any key', 'statements.tf', '= local.link_key_aliases', '= ["*"]'),
  platform('every role signs links', 'links.tf', 'variable = "aws:PrincipalArn"', 'variable = "aws:SourceArn"'),
  platform('links signed with an encryption key', 'links.tf', '"HMAC_256"', '"SYMMETRIC_DEFAULT"'),
  platform(
    'webhooks by plain HTTP',
    'main.tf',
    'loopback_webhooks     = var.loopback_webhooks ? "allow" : "refuse"',
    'loopback_webhooks     = "allow"',
  ),
  platform('webhooks to every address', 'main.tf', '["none"]', '["0.0.0.0/0"]'),
  platform(
    'the webhook handler takes messages',
    'wiring/policies.json',
    '"completer-destinations": [',
    '"completer-destinations": ["verifyLinks", ',
  ),
  platform(
    'operators beat for workers',
    'wiring/policies.json',
    '"states:SendTaskFailure", "states:SendTaskSuccess"',
    '"states:SendTaskFailure", "states:SendTaskHeartbeat", "states:SendTaskSuccess"',
  ),
  platform('children of maps not settled', 'main.tf', '[name, "${name}/*"]', '[name]'),
  platform('histories of every state machine decrypted', 'wiring/policies.json', '["${state_machine_arns}"]', '["*"]'),
  platform('decrypted past Step Functions', 'wiring/policies.json', '["states.${region}', '["*.${region}'),
  machine('a key that nobody is told of', 'outputs.tf', 'var.encryption_key[*].arn', '[]'),
  fn('interfaces in every subnet', 'role.tf', ':subnet/${id}', ':subnet/*'),
  fn('code that makes interfaces', 'role.tf', '"lambda:SourceFunctionArn"', '"aws:SourceArn"'),
  fn('in no VPC', 'main.tf', 'for_each = var.vpc[*]', 'for_each = []'),
  fn('a bad message brings back its batch', 'main.tf', '["ReportBatchItemFailures"]', '[]'),
  fn(
    'messages of every queue',
    'role.tf',
    'resources = values(var.queues)[*].arn',
    'resources = ["arn:aws:sqs:*:*:*"]',
  ),
  fn(
    'messages to another version',
    'main.tf',
    'function_name           = local.alias_arn',
    'function_name           = local.arn',
  ),
  queue(
    'work is tried for ever',
    'main.tf',
    'maxReceiveCount     = var.max_receive_count',
    'maxReceiveCount     = 1000',
  ),
  queue(
    'dead letters that nobody takes',
    'main.tf',
    'event_source_arn        = local.dead_letter_queue_arn',
    'event_source_arn        = local.queue_arn',
  ),
  queue(
    'work in the clear',
    'main.tf',
    'message_retention_seconds  = var.message_retention_seconds\n  sqs_managed_sse_enabled    = var.encryption_key == null ? true : null',
    'message_retention_seconds  = var.message_retention_seconds\n  sqs_managed_sse_enabled    = null',
  ),
  queue('work given twice', 'main.tf', '6 * var.timeout_seconds', 'var.timeout_seconds'),
  queue('workers call every route', 'main.tf', '/*/POST/callbacks/*/${verb}', '/*'),
  queue('workers settle every machine', 'variables.tf', ':stateMachine:[A-Za-z0-9_-]+', ':stateMachine:[A-Za-z0-9_-]*'),
  approvals("another approver's links", 'main.tf', 'approver = [each.key], ', ''),
  approvals('an address that is none', 'variables.tf', '(\\\\.[A-Za-z0-9-]+)+$', '.*$'),
  // Bad variables
  platform('no subnets', 'variables.tf', 'length(var.vpc.subnet_ids) > 0', 'length(var.vpc.subnet_ids) >= 0'),
  platform('aliases of keys', 'variables.tf', ':key/[A-Za-z0-9-]+$', ':.*$'),
  platform('more state machines than a rule holds', 'events.tf', '<= 2048', '<= 204800'),
  fn('no subnets for a function', 'variables.tf', 'length(var.vpc.subnet_ids) > 0', 'length(var.vpc.subnet_ids) >= 0'),
  fn('security groups by name', 'variables.tf', '^sg-[0-9a-f]{8,17}$', '^.*$'),
  platform('an alarm that never ends', 'variables.tf', 'oldest_open_seconds > 0', 'oldest_open_seconds >= 0'),
  machine('logs that are never brought', 'role.tf', 'EncryptionContext:SourceArn', 'EncryptionContext:aws:logs:arn'),
  machine('longer than SSM runs a command', 'variables.tf', '<= 172800', '<= 1728000'),
  machine('parts of a second', 'variables.tf', 'floor(var.work.heartbeatSeconds) == ', '1 <= '),
  machine('a name too long for a role', 'variables.tf', '{1,57}', '{1,80}'),
  worker('a name too long for a role of hosts', 'variables.tf', '_.-]{1,64}', '_.-]{1,640}'),
  oidc('names too long for roles of GitHub', 'variables.tf', '<= 64', '<= 640'),
  environment('a region that is none', 'variables.tf', '(north|south|', '(north|middle|'),
  // Waiting for ever
  machine(
    'a machine that may not be settled',
    'variables.tf',
    'startswith(var.name, trimsuffix',
    'true || startswith(var.name, trimsuffix',
  ),
  platform('everybody an operator', 'operator.tf', 'identifiers = var.operator_arns', 'identifiers = ["*"]'),
  machine('people are asked again', 'work.tf', ': retry if local.is_work_of_machines]', ': retry]'),
  machine('work for ever', 'work.tf', 'try(var.work.timeoutSeconds, null)', '31536000'),
  machine('work that may not be given', 'work.tf', '"lambda:InvokeFunction"', '"lambda:GetFunction"'),
  machine('no limit is asked for', 'definition.tf', 'if !anytrue([for key in', 'if false && !anytrue([for key in'),
  machine('maps are not looked into', 'definition.tf', 'local.level_1, local.level_2', 'local.level_1, []'),
  machine('the token is not looked for', 'definition.tf', '"$$.Task.Token")\n', '"")\n'),
  machine(
    'the worker told other limits',
    'main.tf',
    'condition     = length(local.with_other_limits) == 0',
    'condition     = length(local.with_other_limits) >= 0',
  ),
  machine(
    'EXPRESS may wait',
    'main.tf',
    'condition     = var.type == "STANDARD" || length(local.waiting) == 0',
    'condition     = true || length(local.waiting) == 0',
  ),
  // What is kept, and for how long
  platform(
    'undelivered events are dropped',
    'events.tf',
    'dead_letter_config {\n    arn = local.dead_letter_queue_arn\n  }',
    '',
  ),
  platform('no second delivery', 'events.tf', 'maximum_retry_attempts       = 185', 'maximum_retry_attempts       = 0'),
  platform(
    'dead letters for four days',
    'dead-letters.tf',
    'message_retention_seconds = 1209600',
    'message_retention_seconds = 345600',
  ),
  platform('dead letters in the clear', 'dead-letters.tf', '= local.encryption_key == null ? true : null', '= null'),
  platform(
    'the access log without the key',
    'http-api.tf',
    'kms_key_id        = one(local.encryption_key[*].arn)',
    'kms_key_id        = null',
  ),
  platform('the key is never rotated', 'key.tf', 'enable_key_rotation     = true', 'enable_key_rotation     = false'),
  fn(
    'failed events are dropped',
    'main.tf',
    'destination = coalesce(var.asynchronous.dead_letter_queue_arn, var.asynchronous.failure_function_arn)',
    'destination = "arn:aws:sqs:eu-central-1:111122223333:other"',
  ),
  fn('logs for ever', 'main.tf', 'retention_in_days = var.log_retention_days', 'retention_in_days = 0'),
  fn('no versions', 'main.tf', 'publish           = true', 'publish           = false'),
  store(
    'the table can be deleted',
    'main.tf',
    'deletion_protection_enabled = var.deletion_protection',
    'deletion_protection_enabled = false',
  ),
  store('no backup', 'main.tf', 'enabled = var.point_in_time_recovery', 'enabled = false'),
  store('tokens under a key of AWS', 'main.tf', 'enabled     = var.encryption_key != null', 'enabled     = false'),
  store('outputs in the indexes', 'main.tf', 'projection_type = "KEYS_ONLY"', 'projection_type = "ALL"'),
  machine(
    'execution data in the logs',
    'variables.tf',
    'include_execution_data = optional(bool, false)',
    'include_execution_data = optional(bool, true)',
  ),
  machine('scheduled parameters in the logs', 'variables.tf', 'optional(string, "ERROR")', 'optional(string, "ALL")'),
  // Handlers
  platform(
    'routes for everybody',
    'http-api.tf',
    'authorization_type = each.value.authorization',
    'authorization_type = "NONE"',
  ),
  platform('paths in the access log', 'http-api.tf', '"$context.routeKey"', '"$context.path"'),
  platform(
    'every API invokes the function',
    'http-api.tf',
    '${aws_apigatewayv2_api.this.execution_arn}/*/${replace',
    '${aws_apigatewayv2_api.this.execution_arn}/*/*${replace',
  ),
  platform(
    'every rule invokes the function',
    'events.tf',
    'source_arn    = local.event_rules[each.key].arn',
    'source_arn    = null',
  ),
  platform(
    'reports that nobody can read come for ever',
    'queues.tf',
    'maxReceiveCount     = each.value.redrive.maxReceiveCount',
    'maxReceiveCount     = 1000',
  ),
  platform(
    'ends of every execution are listened to',
    'wiring/events.json',
    '"stateMachineArn": [{ "wildcard": "${state_machine_arns}" }],',
    '',
  ),
  platform(
    'conflicts are not noticed',
    'alarms.tf',
    '\\"message\\":\\"outcome kept for the operator',
    '\\"message\\":\\"outcome kept',
  ),
  platform('a line wakes twice', 'alarms.tf', 'if other != name && startswith', 'if false && startswith'),
  platform('an alarm that ends too soon', 'alarms.tf', 'period              = 900', 'period              = 300'),
  platform(
    'ages of another function are watched',
    'alarms.tf',
    'module.function["completer-schedule"].name',
    'module.function["completer-http"].name',
  ),
  platform(
    'a silent reconciler is not noticed',
    'alarms.tf',
    'treat_missing_data  = "breaching"',
    'treat_missing_data  = "notBreaching"',
  ),
  platform(
    'alarms that tell nobody',
    'alarms.tf',
    'threshold           = 5\n  treat_missing_data  = "notBreaching"\n  alarm_actions       = var.alarms.topic_arns',
    'threshold           = 5\n  treat_missing_data  = "notBreaching"\n  alarm_actions       = []',
  ),
  worker('the notifier unpacked unchecked', 'install-document.json', '          "  exit 1",\n', ''),
  // Between Terraform and the code
  check(
    'a wrong environment name',
    'modules/platform/wiring/functions.json',
    '"BATON_HOST_ROLE_NAMES"',
    '"BATON_HOST_ROLES"',
  ),
  check('a handler that is not there', 'modules/platform/wiring/functions.json', '"main.events"', '"main.event"'),
  check(
    'an operation that no role allows',
    'modules/platform/wiring/policies.json',
    '"ssm:CancelCommand"',
    '"ssm:ListCommandInvocations"',
  ),
  check('an alarm on a metric that nobody writes', 'modules/platform/alarms.tf', '"LongestOverdue"', '"MostOverdue"'),
  check('a VPC that is not passed on', 'environments/staging/main.tf', '  vpc           = var.vpc\n', ''),
  check(
    'a README behind its variables',
    'modules/function/variables.tf',
    'default     = "arm64"',
    'default     = "x86_64"',
  ),
  check(
    'an evil notifier installed',
    'modules/ec2-worker/install-document.json',
    'if ! printf',
    'if false && ! printf',
  ),
];
