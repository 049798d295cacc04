import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/service.ts';
import { createStage, ROLE, type Stage } from '../testing.ts';

const definitionOf = (result: unknown) =>
  JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Pass', Result: result, End: true } } });

describe('state machines', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = createStage();
  });
  afterEach(() => stage.aws.close());

  const create = (rest: JsonObject = {}) =>
    stage.call('CreateStateMachine', { name: 'report', definition: definitionOf(1), roleArn: ROLE, ...rest });
  const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:report';

  it('are created once; the same request again is answered alike, another one is refused', async () => {
    const created = await create();
    expect(created).toEqual({ stateMachineArn: arn, creationDate: stage.aws.clock.now() / 1000 });
    await stage.aws.clock.advance(1000);
    expect(await create({ roleArn: `${ROLE}-2`, tags: [{ key: 'a', value: 'b' }] })).toEqual(created);
    await expect(create({ definition: definitionOf(2) })).rejects.toMatchObject({
      code: 'StateMachineAlreadyExists',
      message: `State Machine Already Exists: '${arn}'`,
    });
  });

  it('are described, and deleted without a word about what is not there', async () => {
    await create();
    expect(await stage.call('DescribeStateMachine', { stateMachineArn: arn })).toEqual({
      stateMachineArn: arn,
      name: 'report',
      status: 'ACTIVE',
      type: 'STANDARD',
      creationDate: stage.aws.clock.now() / 1000,
      definition: definitionOf(1),
      roleArn: ROLE,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(await stage.call('DeleteStateMachine', { stateMachineArn: arn })).toEqual({});
    expect(await stage.call('DeleteStateMachine', { stateMachineArn: arn })).toEqual({});
    await expect(stage.call('DescribeStateMachine', { stateMachineArn: arn })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
    });
  });

  it('get a revision with every update that changes something', async () => {
    await create();
    const update = (rest: JsonObject) => stage.call('UpdateStateMachine', { stateMachineArn: arn, ...rest });
    const first = await update({ definition: definitionOf(2) });
    expect(first['revisionId']).toEqual(expect.any(String));
    expect((await update({ definition: definitionOf(2) }))['revisionId']).toBe(first['revisionId']);
    expect((await update({ roleArn: `${ROLE}-2` }))['revisionId']).not.toBe(first['revisionId']);
    await expect(update({})).rejects.toMatchObject({
      code: 'MissingRequiredParameter',
      message:
        'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    });
    await expect(update({ definition: '{' })).rejects.toMatchObject({ code: 'InvalidDefinition' });
  });

  it('are published as versions, whose numbers are not used again', async () => {
    expect((await create({ publish: true }))['stateMachineVersionArn']).toBe(`${arn}:1`);
    const publish = (rest: JsonObject = {}) =>
      stage.call('PublishStateMachineVersion', { stateMachineArn: arn, ...rest });
    expect((await publish())['stateMachineVersionArn']).toBe(`${arn}:1`);
    await stage.call('UpdateStateMachine', { stateMachineArn: arn, definition: definitionOf(2), publish: true });
    await stage.call('DeleteStateMachineVersion', { stateMachineVersionArn: `${arn}:2` });
    expect((await publish({ description: 'third' }))['stateMachineVersionArn']).toBe(`${arn}:3`);
    const { stateMachineVersions } = await stage.call('ListStateMachineVersions', { stateMachineArn: arn });
    expect(stateMachineVersions).toMatchObject([
      { stateMachineVersionArn: `${arn}:3` },
      { stateMachineVersionArn: `${arn}:1` },
    ]);
    const described = await stage.call('DescribeStateMachine', { stateMachineArn: `${arn}:3` });
    expect(described).toMatchObject({ description: 'third', definition: definitionOf(2) });
    await expect(publish({ revisionId: 'other' })).rejects.toMatchObject({ code: 'ConflictException' });
    await expect(create({ name: 'x', versionDescription: 'x' })).rejects.toMatchObject({
      code: 'ValidationException',
      message: 'Version description can only be set when publish is true',
    });
  });

  it('run a version as it was published', async () => {
    await create({ publish: true });
    await stage.call('UpdateStateMachine', { stateMachineArn: arn, definition: definitionOf(2) });
    const old = await stage.describe(await stage.start(`${arn}:1`));
    expect(old).toMatchObject({ output: '1', stateMachineArn: arn, stateMachineVersionArn: `${arn}:1` });
    expect(await stage.describe(await stage.start(arn))).toMatchObject({ output: '2' });
    const { executions } = await stage.call('ListExecutions', { stateMachineArn: `${arn}:1` });
    expect(executions).toHaveLength(1);
    await expect(stage.start(`${arn}:9`)).rejects.toMatchObject({
      message: `State Machine Does Not Exist: '${arn}:9'`,
    });
  });

  describe('have aliases', () => {
    const route = (version: number, weight: number) => ({ stateMachineVersionArn: `${arn}:${version}`, weight });
    const createAlias = (routingConfiguration: unknown, rest: JsonObject = {}) =>
      stage.call('CreateStateMachineAlias', { name: 'live', routingConfiguration, ...rest });
    beforeEach(async () => {
      await create({ publish: true });
      await stage.call('UpdateStateMachine', { stateMachineArn: arn, definition: definitionOf(2), publish: true });
    });

    it('that lead executions to versions by weight', async () => {
      await createAlias([route(1, 100)]);
      await createAlias([route(1, 0), route(2, 100)], { name: 'next' });
      const started = await stage.describe(await stage.start(`${arn}:live`));
      expect(started).toMatchObject({
        output: '1',
        stateMachineAliasArn: `${arn}:live`,
        stateMachineVersionArn: `${arn}:1`,
      });
      expect(await stage.describe(await stage.start(`${arn}:next`))).toMatchObject({ output: '2' });
    });

    it('that are updated, described, listed and deleted', async () => {
      await createAlias([route(1, 100)]);
      const alias = { stateMachineAliasArn: `${arn}:live` };
      await stage.call('UpdateStateMachineAlias', { ...alias, routingConfiguration: [route(1, 50), route(2, 50)] });
      expect(await stage.call('DescribeStateMachineAlias', alias)).toMatchObject({
        name: 'live',
        routingConfiguration: [route(1, 50), route(2, 50)],
      });
      await expect(
        stage.call('DeleteStateMachineVersion', { stateMachineVersionArn: `${arn}:1` }),
      ).rejects.toMatchObject({
        code: 'ConflictException',
        message:
          'Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]',
      });
      await stage.call('DeleteStateMachineAlias', alias);
      const { stateMachineAliases } = await stage.call('ListStateMachineAliases', { stateMachineArn: arn });
      expect(stateMachineAliases).toEqual([]);
      await expect(stage.call('UpdateStateMachineAlias', alias)).rejects.toMatchObject({
        code: 'ResourceNotFound',
        message: 'Request references a resource that does not exist.',
      });
    });

    it('that are refused in the words of AWS', async () => {
      const refusal = async (routes: unknown, rest?: JsonObject) =>
        createAlias(routes, rest).then(
          () => 'created',
          (error: Error) => error.message,
        );
      expect(await refusal([{ stateMachineVersionArn: arn, weight: 100 }])).toBe(
        `Routing configuration must contain state machine version ARNs. Received: [${arn}]`,
      );
      await createAlias([route(1, 100)], { name: 'other' });
      expect(await refusal([{ stateMachineVersionArn: `${arn}:other`, weight: 100 }])).toBe(
        `Routing configuration must contain state machine version ARNs. Received: [${arn}:other]`,
      );
      expect(await refusal([route(1, 50), route(1, 50)])).toBe(
        `Routing configuration must contain distinct state machine version ARNs. Received: [${arn}:1, ${arn}:1]`,
      );
      expect(await refusal([route(1, 70), route(2, 29)])).toBe(
        'Sum of routing configuration weights must equal 100. Received: [70, 29]',
      );
      expect(await refusal([route(1, 101)])).toBe(
        "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: " +
          'Member must have value less than or equal to 100',
      );
      expect(await refusal([route(1, 100)], { name: '123' })).toBe(
        "1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular " +
          String.raw`expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`,
      );
    });
  });

  it('log to exactly one place, where they log at all', async () => {
    const refused = { code: 'InvalidLoggingConfiguration', message: /Must specify exactly one Log Destination\.$/ };
    const group = { cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:states:*' } };
    const refusal = (loggingConfiguration: JsonObject) =>
      expect(create({ loggingConfiguration })).rejects.toMatchObject({
        code: refused.code,
        message: expect.stringMatching(refused.message) as string,
      });
    await refusal({ level: 'ALL' });
    await refusal({ level: 'ALL', destinations: [group, group] });
    await expect(create({ loggingConfiguration: { level: 'all' } })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining("Value 'all' at 'loggingConfiguration.level'") as string,
    });
    await create({ loggingConfiguration: { level: 'ERROR', destinations: [group] } });
    const { loggingConfiguration } = await stage.call('DescribeStateMachine', { stateMachineArn: arn });
    expect(loggingConfiguration).toEqual({ level: 'ERROR', includeExecutionData: false, destinations: [group] });
  });

  it('are refused with every problem of their definition', async () => {
    const definition = JSON.stringify({
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'Nowhere' }, B: { Type: 'Nothing' } },
    });
    const { diagnostics, result } = await stage.call('ValidateStateMachineDefinition', { definition });
    expect(result).toBe('FAIL');
    const errors = (diagnostics as { severity: string; code: string; message: string }[]).filter(
      ({ severity }) => severity === 'ERROR',
    );
    expect(errors.length).toBeGreaterThan(1);
    const refused = create({ definition });
    await expect(refused).rejects.toMatchObject({ code: 'InvalidDefinition' });
    for (const { code, message } of errors) await expect(refused).rejects.toThrow(`${code}: ${message}`);
  });

  it('carry tags; versions carry none', async () => {
    await create({ publish: true, tags: [{ key: 'team', value: 'a' }] });
    await stage.call('TagResource', { resourceArn: arn, tags: [{ key: 'cost', value: '' }] });
    await stage.call('UntagResource', { resourceArn: arn, tagKeys: ['team', 'none'] });
    expect(await stage.call('ListTagsForResource', { resourceArn: arn })).toEqual({
      tags: [{ key: 'cost', value: '' }],
    });
    await expect(stage.call('TagResource', { resourceArn: `${arn}:1`, tags: [] })).rejects.toMatchObject({
      code: 'ResourceNotFound',
      message: `Resource not found: '${arn}:1'`,
    });
  });
});
