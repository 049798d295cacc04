import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { pageOf } from '../../kit/page.ts';
import { integer, list, oneOf, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import { showTags, tagList } from '../../kit/tags.ts';
import { documentArn, isAmazons, type Document, type Documents, type DocumentVersion } from './documents.ts';

const evidence = 'documented';

/** A name or an ARN. */
export const documentName = required(text({ pattern: /[a-zA-Z0-9_\-.:/]{3,128}/ }));
export const documentVersion = text({ pattern: /[$]LATEST|[$]DEFAULT|[1-9][0-9]*/ });
const content = required(text({ min: 1 }));
const targetType = optional(text({ max: 200, pattern: /\/[\w.\-:/]*/ }));
const versionName = optional(text({ pattern: /[a-zA-Z0-9_\-.]{1,128}/ }));

/** The actions that change documents. */
export const documentActions = (documents: Documents): Record<string, UnboundAction> => ({
  CreateDocument: action(
    {
      Name: required(text({ pattern: /[a-zA-Z0-9_\-.]{3,128}/ })),
      Content: content,
      DocumentType: withDefault(text(), 'Command'),
      DocumentFormat: withDefault(text(), 'JSON'),
      TargetType: targetType,
      VersionName: versionName,
      Tags: tagList('upper'),
    },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name, Content, DocumentType, DocumentFormat, ...given }) {
        if (isAmazons(Name)) {
          const message = `Value '${Name}' at 'name' failed to satisfy constraint: it must not begin with aws, amazon or amzn`;
          throw new AwsError('ValidationException', message);
        }
        if (DocumentType !== 'Command') {
          const message = `Documents of the type ${DocumentType} are not supported here; use Command.`;
          throw new AwsError('ValidationException', message);
        }
        if (DocumentFormat !== 'JSON') {
          const message = `${DocumentFormat} is not read here; send the document as JSON.`;
          throw new AwsError('InvalidDocumentContent', message);
        }
        const options = { targetType: given.TargetType, versionName: given.VersionName };
        const document = documents.create(Name, Content, options, given.Tags);
        return { DocumentDescription: descriptionShape(document, documents.find(Name).version) };
      },
    },
  ),

  UpdateDocument: action(
    { Name: documentName, Content: content, TargetType: targetType, VersionName: versionName },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name, Content, TargetType, VersionName }) {
        const document = documents.findOwn(Name);
        const next = documents.update(document, Content, { targetType: TargetType, versionName: VersionName });
        return { DocumentDescription: descriptionShape(document, next) };
      },
    },
  ),

  UpdateDocumentDefaultVersion: action(
    { Name: documentName, DocumentVersion: required(text({ pattern: /[1-9][0-9]*/ })) },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name, DocumentVersion }) {
        const document = documents.findOwn(Name);
        document.defaultVersion = documents.find(Name, DocumentVersion).version.version;
        return { Description: { Name: document.name, DefaultVersion: document.defaultVersion } };
      },
    },
  ),

  DeleteDocument: action(
    { Name: documentName },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name }) {
        documents.delete(documents.findOwn(Name));
        return {};
      },
    },
  ),
});

const filters = withDefault(
  list(structure({ Key: required(text()), Values: withDefault(list(text()), []) }), { max: 6 }),
  [],
);
type Filters = ReturnType<typeof filters>;

/** The actions that show documents. */
export const documentQueries = (documents: Documents): Record<string, UnboundAction> => ({
  DescribeDocument: action(
    { Name: documentName, DocumentVersion: optional(documentVersion) },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name, DocumentVersion }) {
        const { document, version } = documents.find(Name, DocumentVersion);
        return { Document: descriptionShape(document, version) };
      },
    },
  ),

  GetDocument: action(
    { Name: documentName, DocumentVersion: optional(documentVersion) },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name, DocumentVersion }) {
        const { document, version } = documents.find(Name, DocumentVersion);
        return {
          Name: document.name,
          DocumentVersion: version.version,
          Status: 'Active',
          DocumentType: 'Command',
          DocumentFormat: 'JSON',
          CreatedDate: version.createdAt / 1000,
          Content: version.text,
        };
      },
    },
  ),

  ListDocumentVersions: action(
    { Name: documentName, MaxResults: optional(integer({ min: 1, max: 50 })), NextToken: optional(text()) },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name, MaxResults, NextToken }) {
        const { document } = documents.find(Name);
        const page = { size: MaxResults, token: NextToken };
        const { items, next } = pageOf(document.versions, page, { usual: 50, refuse: refuseToken, reverse: true });
        return {
          DocumentVersions: items.map((version) => versionShape(document, version)),
          ...(next !== undefined && { NextToken: next }),
        };
      },
    },
  ),

  // A document can be shared with other accounts on AWS. There are no others here.
  DescribeDocumentPermission: action(
    { Name: documentName, PermissionType: required(oneOf(['Share'])) },
    {
      resources: ({ Name }, caller) => [documentArn(Name, caller)],
      evidence,
      run({ Name }) {
        documents.findOwn(Name);
        return { AccountIds: [], AccountSharingInfoList: [] };
      },
    },
  ),

  ListDocuments: action(
    { Filters: filters, MaxResults: optional(integer({ min: 1, max: 50 })), NextToken: optional(text()) },
    {
      evidence,
      run({ Filters, MaxResults, NextToken }) {
        const keep = documentFilter(documents.world.accountId, Filters);
        const rules = { usual: 50, refuse: refuseToken, keep };
        const { items, next } = pageOf(documents.all(), { size: MaxResults, token: NextToken }, rules);
        return {
          DocumentIdentifiers: items.map((document) =>
            identifierShape(document, documents.find(document.name).version),
          ),
          ...(next !== undefined && { NextToken: next }),
        };
      },
    },
  ),
});

export const refuseToken = (): AwsError => new AwsError('InvalidNextToken', 'The specified token is not valid.');

function identifierShape(document: Document, { version, content: { schemaVersion } }: DocumentVersion): JsonObject {
  return {
    Name: document.name,
    Owner: document.owner,
    DocumentVersion: version,
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    SchemaVersion: schemaVersion,
    PlatformTypes: ['Linux', 'MacOS'],
  };
}

const versionShape = (document: Document, { version, createdAt, versionName }: DocumentVersion): JsonObject => ({
  Name: document.name,
  DocumentVersion: version,
  ...(versionName !== undefined && { VersionName: versionName }),
  CreatedDate: createdAt / 1000,
  IsDefaultVersion: version === document.defaultVersion,
  DocumentFormat: 'JSON',
  Status: 'Active',
});

function descriptionShape(document: Document, version: DocumentVersion): JsonObject {
  const { content: parsed, text: source, createdAt } = version;
  return {
    ...identifierShape(document, version),
    Hash: createHash('sha256').update(source).digest('hex'),
    HashType: 'Sha256',
    ...(version.targetType !== undefined && { TargetType: version.targetType }),
    ...(version.versionName !== undefined && { VersionName: version.versionName }),
    ...(document.tags.size > 0 && { Tags: showTags(document.tags, 'upper') }),
    CreatedDate: createdAt / 1000,
    Status: 'Active',
    Description: parsed.description ?? '',
    LatestVersion: String(document.versions.length),
    DefaultVersion: document.defaultVersion,
    Parameters: Object.entries(parsed.parameters).map(([Name, parameter]) => ({
      Name,
      Type: parameter.type === 'StringList' ? 'StringList' : 'String',
      Description: parameter.description ?? '',
      ...(parameter.default !== undefined && {
        DefaultValue: typeof parameter.default === 'string' ? parameter.default : JSON.stringify(parameter.default),
      }),
    })),
  };
}

/** By the owner (Self, Amazon) and the beginning of the name. @throws {AwsError} InvalidFilterKey */
function documentFilter(accountId: string, given: Filters): (document: Document) => boolean {
  const tests = given.map(({ Key, Values }) => {
    if (Key === 'Name') return ({ name }: Document) => Values.some((prefix) => name.startsWith(prefix));
    if (Key === 'Owner') {
      return ({ owner }: Document) => Values.includes(owner === accountId ? 'Self' : owner) || Values.includes('All');
    }
    throw new AwsError('InvalidFilterKey', `The filter ${Key} is not supported here; there are Name and Owner.`);
  });
  return (document) => tests.every((test) => test(document));
}
