import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { parseDocumentContent, type DocumentContent } from './document-content.ts';

export interface DocumentVersion {
  readonly version: string;
  readonly text: string;
  readonly content: DocumentContent;
  readonly createdAt: Millis;
}

export interface Document {
  readonly name: string;
  /** AWS owns AWS-RunShellScript. */
  readonly owner: string;
  readonly versions: DocumentVersion[];
  defaultVersion: string;
}

export interface Documents {
  readonly actions: Readonly<Record<string, Action>>;
  /** @throws {AwsError} InvalidDocument, InvalidDocumentVersion */
  find(name: unknown, version?: unknown): { readonly document: Document; readonly version: DocumentVersion };
}

const RUN_SHELL_SCRIPT = JSON.stringify({
  schemaVersion: '2.2',
  description: 'Runs a shell script.',
  parameters: {
    commands: { type: 'StringList', description: 'The lines of the script.', minItems: 1 },
    workingDirectory: { type: 'String', default: '', maxChars: 4096 },
    executionTimeout: {
      type: 'String',
      default: '3600',
      allowedPattern: '^([1-9][0-9]{0,4}|1[0-6][0-9]{4}|17[01][0-9]{3}|172[0-7][0-9]{2}|172800)$',
    },
  },
  mainSteps: [
    {
      action: 'aws:runShellScript',
      name: 'runShellScript',
      inputs: {
        runCommand: '{{ commands }}',
        workingDirectory: '{{ workingDirectory }}',
        timeoutSeconds: '{{ executionTimeout }}',
      },
    },
  ],
});

export function createDocuments(world: World): Documents {
  const documents = new Map<string, Document>();

  const version = (number: number, text: unknown): DocumentVersion => {
    if (typeof text !== 'string') throw new AwsError('InvalidDocumentContent', 'The document has no Content.');
    return { version: String(number), text, content: parseDocumentContent(text), createdAt: world.clock.now() };
  };
  const add = (name: string, owner: string, text: unknown): Document => {
    const document: Document = { name, owner, versions: [version(1, text)], defaultVersion: '1' };
    documents.set(name, document);
    return document;
  };
  const find: Documents['find'] = (name, wanted = '$DEFAULT') => {
    const document = documents.get(nameOf(name));
    if (document === undefined) {
      throw new AwsError('InvalidDocument', `Document with name ${String(name)} does not exist.`);
    }
    const found = document.versions.find(({ version }) => version === resolveVersion(document, wanted));
    if (found !== undefined) return { document, version: found };
    throw new AwsError('InvalidDocumentVersion', `Document ${document.name} has no version ${String(wanted)}.`);
  };
  const findOwn = (name: unknown): Document => {
    const { document } = find(name);
    if (document.owner === world.accountId) return document;
    throw new AwsError('InvalidDocument', `Document ${document.name} belongs to Amazon and cannot be changed.`);
  };
  add('AWS-RunShellScript', 'Amazon', RUN_SHELL_SCRIPT);

  return {
    find,
    actions: {
      CreateDocument({ Name, Content, DocumentType = 'Command', DocumentFormat = 'JSON' }) {
        const name = ownName(Name);
        if (DocumentType !== 'Command') {
          throw new AwsError(
            'ValidationException',
            `Documents of the type ${String(DocumentType)} are not here; use Command.`,
          );
        }
        if (DocumentFormat !== 'JSON') {
          throw new AwsError(
            'InvalidDocumentContent',
            `${String(DocumentFormat)} is not read here; send the document as JSON.`,
          );
        }
        if (documents.has(name)) {
          throw new AwsError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
        }
        const document = add(name, world.accountId, Content);
        return { DocumentDescription: describe(document, find(name).version) };
      },
      UpdateDocument({ Name, Content }) {
        const document = findOwn(Name);
        const next = version(document.versions.length + 1, Content);
        if (document.versions.at(-1)?.text === next.text) {
          const message =
            'The content of the association document matches another document. Change the content of the document and try again.';
          throw new AwsError('DuplicateDocumentContent', message);
        }
        document.versions.push(next);
        return { DocumentDescription: describe(document, next) };
      },
      UpdateDocumentDefaultVersion({ Name, DocumentVersion }) {
        const document = findOwn(Name);
        document.defaultVersion = find(Name, DocumentVersion).version.version;
        return { Description: { Name: document.name, DefaultVersion: document.defaultVersion } };
      },
      DescribeDocument({ Name, DocumentVersion }) {
        const { document, version } = find(Name, DocumentVersion);
        return { Document: describe(document, version) };
      },
      GetDocument({ Name, DocumentVersion }) {
        const { document, version } = find(Name, DocumentVersion);
        const facts = {
          DocumentVersion: version.version,
          Status: 'Active',
          DocumentType: 'Command',
          DocumentFormat: 'JSON',
        };
        return { Name: document.name, ...facts, CreatedDate: version.createdAt / 1000, Content: version.text };
      },
      DeleteDocument({ Name }) {
        documents.delete(findOwn(Name).name);
        return {};
      },
      ListDocuments({ Filters }) {
        const passes = documentFilter(world, Filters);
        const all = [...documents.values()].filter(passes);
        return { DocumentIdentifiers: all.map((document) => identify(document, find(document.name).version)) };
      },
    },
  };
}

/** A document of Amazon's can be named by its ARN, as one's own can. */
const nameOf = (name: unknown): string => String(name).replace(/^arn:aws:ssm:[^:]*:\d*:document\//, '');

function ownName(name: unknown): string {
  if (typeof name === 'string' && /^[a-zA-Z0-9_.-]{3,128}$/.test(name) && !/^(aws|amazon|amzn)/i.test(name))
    return name;
  const rule = '3 to 128 of a-z, A-Z, 0-9, _, - and ., not beginning with aws, amazon or amzn';
  throw new AwsError('ValidationException', `Value '${String(name)}' at 'name' failed to satisfy constraint: ${rule}`);
}

function resolveVersion(document: Document, wanted: unknown): unknown {
  if (wanted === '$DEFAULT') return document.defaultVersion;
  return wanted === '$LATEST' ? String(document.versions.length) : wanted;
}

function identify(document: Document, { version, content }: DocumentVersion): JsonObject {
  return {
    Name: document.name,
    Owner: document.owner,
    DocumentVersion: version,
    DocumentType: 'Command',
    DocumentFormat: 'JSON',
    SchemaVersion: content.schemaVersion,
    PlatformTypes: ['Linux', 'MacOS'],
  };
}

function describe(document: Document, version: DocumentVersion): JsonObject {
  const { content, text, createdAt } = version;
  return {
    ...identify(document, version),
    Hash: createHash('sha256').update(text).digest('hex'),
    HashType: 'Sha256',
    CreatedDate: createdAt / 1000,
    Status: 'Active',
    Description: content.description ?? '',
    LatestVersion: String(document.versions.length),
    DefaultVersion: document.defaultVersion,
    Parameters: Object.entries(content.parameters).map(([Name, parameter]) => ({
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
function documentFilter({ accountId }: World, filters: unknown): (document: Document) => boolean {
  const tests = ((filters ?? []) as { Key: string; Values: string[] }[]).map(({ Key, Values }) => {
    if (Key === 'Name') return ({ name }: Document) => Values.some((prefix) => name.startsWith(prefix));
    if (Key === 'Owner') {
      return ({ owner }: Document) => Values.includes(owner === accountId ? 'Self' : owner) || Values.includes('All');
    }
    throw new AwsError('InvalidFilterKey', `The filter ${Key} is not here; there are Name and Owner.`);
  });
  return (document) => tests.every((test) => test(document));
}
