import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { act, createTestWorld, ROOT, type TestWorld } from '../../../test/test-world.ts';
import { createHosts } from '../ec2/hosts.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createSsm, type Ssm } from './ssm.ts';

let test: TestWorld;
let ssm: Ssm;
beforeEach(() => {
  test = createTestWorld();
  ssm = createSsm(test.world, createHosts(test.world));
});
afterEach(() => test.close());

const content = (line: string): string =>
  JSON.stringify({
    schemaVersion: '2.2',
    description: 'Says something.',
    parameters: { who: { type: 'String', default: 'you', description: 'To whom.' } },
    mainSteps: [{ action: 'aws:runShellScript', name: 'say', inputs: { runCommand: [line] } }],
  });
const create = (Name: string, more: JsonObject = {}): Promise<JsonObject> =>
  act(ssm, 'CreateDocument', { Name, Content: content('echo hello'), DocumentType: 'Command', ...more });

describe('documents', () => {
  it('are described as AWS describes them', async () => {
    const { DocumentDescription } = await create('say-hello');
    expect(DocumentDescription).toMatchObject({
      Name: 'say-hello',
      Owner: '123456789012',
      Status: 'Active',
      DocumentVersion: '1',
      DefaultVersion: '1',
      SchemaVersion: '2.2',
      Description: 'Says something.',
      Parameters: [{ Name: 'who', Type: 'String', DefaultValue: 'you', Description: 'To whom.' }],
    });
    expect((await act(ssm, 'DescribeDocument', { Name: 'say-hello' }))['Document']).toEqual(DocumentDescription);
  });

  it('keep their default version through an update', async () => {
    await create('say-hello');
    await act(ssm, 'UpdateDocument', { Name: 'say-hello', Content: content('echo bye'), DocumentVersion: '$LATEST' });
    expect((await act(ssm, 'GetDocument', { Name: 'say-hello' }))['Content']).toBe(content('echo hello'));
    await act(ssm, 'UpdateDocumentDefaultVersion', { Name: 'say-hello', DocumentVersion: '2' });
    expect((await act(ssm, 'GetDocument', { Name: 'say-hello' }))['Content']).toBe(content('echo bye'));
  });

  it('have versions, of which one is the default, and a type of target', async () => {
    await create('say-hello', { TargetType: '/AWS::EC2::Instance', VersionName: 'first' });
    const again = { Name: 'say-hello', Content: content('echo hello'), DocumentVersion: '$LATEST' };
    await expect(act(ssm, 'UpdateDocument', again)).rejects.toMatchObject({ code: 'DuplicateDocumentContent' });
    const { DocumentDescription } = await act(ssm, 'UpdateDocument', { ...again, TargetType: '/' });
    expect(DocumentDescription).toMatchObject({ TargetType: '/', DocumentVersion: '2', LatestVersion: '2' });
    const described = await act(ssm, 'DescribeDocument', { Name: 'say-hello' });
    expect(described['Document']).toMatchObject({ TargetType: '/AWS::EC2::Instance', DocumentVersion: '1' });
    expect(await act(ssm, 'ListDocumentVersions', { Name: 'say-hello' })).toMatchObject({
      DocumentVersions: [
        { DocumentVersion: '2', IsDefaultVersion: false },
        { DocumentVersion: '1', IsDefaultVersion: true, VersionName: 'first' },
      ],
    });
  });

  it('have tags, and are shared with nobody', async () => {
    await create('say-hello', { Tags: [{ Key: 'a', Value: '1' }] });
    const named = { ResourceType: 'Document', ResourceId: 'say-hello' };
    await act(ssm, 'AddTagsToResource', { ...named, Tags: [{ Key: 'b', Value: '2' }] });
    await act(ssm, 'RemoveTagsFromResource', { ...named, TagKeys: ['a'] });
    const Tags = [{ Key: 'b', Value: '2' }];
    expect(await act(ssm, 'ListTagsForResource', named)).toEqual({ TagList: Tags });
    expect((await act(ssm, 'DescribeDocument', { Name: 'say-hello' }))['Document']).toMatchObject({ Tags });
    const permission = { Name: 'say-hello', PermissionType: 'Share' };
    expect(await act(ssm, 'DescribeDocumentPermission', permission)).toMatchObject({ AccountIds: [] });
    const unknown = act(ssm, 'ListTagsForResource', { ...named, ResourceId: 'nothing' });
    await expect(unknown).rejects.toMatchObject({ code: 'InvalidResourceId' });
  });

  it('are listed until they are deleted', async () => {
    await create('say-hello');
    const names = async () =>
      ((await act(ssm, 'ListDocuments'))['DocumentIdentifiers'] as JsonObject[]).map(({ Name }) => Name);
    expect(await names()).toEqual(['AWS-RunShellScript', 'say-hello']);
    await act(ssm, 'DeleteDocument', { Name: 'say-hello' });
    expect(await names()).toEqual(['AWS-RunShellScript']);
  });

  it('are listed by owner and beginning of the name', async () => {
    await create('say-hello');
    await create('sing');
    const names = async (Filters: unknown) =>
      ((await act(ssm, 'ListDocuments', { Filters }))['DocumentIdentifiers'] as JsonObject[]).map(({ Name }) => Name);
    expect(await names([{ Key: 'Owner', Values: ['Self'] }])).toEqual(['say-hello', 'sing']);
    expect(await names([{ Key: 'Owner', Values: ['Amazon'] }])).toEqual(['AWS-RunShellScript']);
    expect(await names([{ Key: 'Name', Values: ['say'] }])).toEqual(['say-hello']);
    await expect(names([{ Key: 'Size', Values: [] }])).rejects.toMatchObject({ code: 'InvalidFilterKey' });
  });

  const refusals: [string, () => Promise<unknown>, string][] = [
    ['a name that is taken', () => create('one').then(() => create('one')), 'DocumentAlreadyExists'],
    ['a name of Amazon’s', () => create('AWS-Mine'), 'ValidationException'],
    ['another type', () => create('one', { DocumentType: 'Automation' }), 'ValidationException'],
    ['YAML', () => create('one', { DocumentFormat: 'YAML' }), 'InvalidDocumentContent'],
    ['to change what is Amazon’s', () => act(ssm, 'DeleteDocument', { Name: 'AWS-RunShellScript' }), 'InvalidDocument'],
    ['an unknown name', () => act(ssm, 'GetDocument', { Name: 'nothing' }), 'InvalidDocument'],
    [
      'an unknown version',
      () => create('one').then(() => act(ssm, 'GetDocument', { Name: 'one', DocumentVersion: '7' })),
      'InvalidDocumentVersion',
    ],
    [
      'an update with nothing new',
      () => create('one').then(() => act(ssm, 'UpdateDocument', { Name: 'one', Content: content('echo hello') })),
      'DuplicateDocumentContent',
    ],
  ];
  it.each(refusals)('refuse %s', async (_, call, code) => {
    await expect(call()).rejects.toMatchObject({ code });
  });
});

describe('Parameter Store', () => {
  it('gives back what was put, with its version', async () => {
    await act(ssm, 'PutParameter', { Name: '/app/key', Value: 'one' });
    const again = act(ssm, 'PutParameter', { Name: '/app/key', Value: 'two' });
    await expect(again).rejects.toMatchObject({ code: 'ParameterAlreadyExists' });
    await act(ssm, 'PutParameter', { Name: '/app/key', Value: 'two', Overwrite: true });
    const { Parameter } = await act(ssm, 'GetParameter', { Name: '/app/key' });
    expect(Parameter).toMatchObject({ Name: '/app/key', Value: 'two', Version: 2, Type: 'String' });
  });

  it('has no parameter that was not put', async () => {
    await expect(act(ssm, 'GetParameter', { Name: 'x' })).rejects.toMatchObject({ code: 'ParameterNotFound' });
  });
});

describe('IAM sees', () => {
  const resources = (action: string, input: JsonObject) => ssm.actions[action]?.prepare(input, ROOT).resources;
  const at = 'arn:aws:ssm:us-east-1:123456789012';
  const host = 'i-0123456789abcdef0';
  const instance = `arn:aws:ec2:us-east-1:123456789012:instance/${host}`;

  it('a document of one’s own, of Amazon’s, and by ARN', () => {
    expect(resources('GetDocument', { Name: 'say-hello' })).toEqual([`${at}:document/say-hello`]);
    const amazons = 'arn:aws:ssm:us-east-1::document/AWS-RunShellScript';
    expect(resources('GetDocument', { Name: 'AWS-RunShellScript' })).toEqual([amazons]);
    expect(resources('GetDocument', { Name: amazons })).toEqual([amazons]);
  });

  it('the document and the named hosts of a command, and not those that tags select', () => {
    const DocumentName = 'run';
    const document = `${at}:document/run`;
    expect(resources('SendCommand', { DocumentName, InstanceIds: [host] })).toEqual([document, instance]);
    const named = [{ Key: 'InstanceIds', Values: [host] }];
    expect(resources('SendCommand', { DocumentName, Targets: named })).toEqual([document, instance]);
    const tagged = [{ Key: 'tag:Name', Values: ['worker'] }];
    expect(resources('SendCommand', { DocumentName, Targets: tagged })).toEqual([document]);
    expect(resources('CancelCommand', { CommandId: test.world.uuid() })).toEqual(['*']);
  });

  it('a parameter, with one slash before its name', () => {
    expect(resources('GetParameter', { Name: '/app/key' })).toEqual([`${at}:parameter/app/key`]);
    expect(resources('GetParameter', { Name: 'key' })).toEqual([`${at}:parameter/key`]);
  });
});
