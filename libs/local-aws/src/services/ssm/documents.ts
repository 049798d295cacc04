import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { Place, World } from '../../kernel/service.ts';
import { arnOf, parseArn } from '../../kit/arn.ts';
import { addTags, type GivenTags, type Tags } from '../../kit/tags.ts';
import { parseDocumentContent, type DocumentContent } from './document-content.ts';

export interface DocumentVersion {
  readonly version: string;
  readonly text: string;
  readonly content: DocumentContent;
  readonly createdAt: Millis;
  /** The kind of resource that it may run on, e.g. `/AWS::EC2::Instance`. */
  readonly targetType?: string | undefined;
  readonly versionName?: string | undefined;
}

/** What a version says beside its content. */
export type VersionOptions = Pick<DocumentVersion, 'targetType' | 'versionName'>;

export interface Document {
  readonly name: string;
  /** AWS owns AWS-RunShellScript. */
  readonly owner: string;
  readonly versions: DocumentVersion[];
  defaultVersion: string;
  readonly tags: Tags;
}

/** The documents of the account, and Amazon's AWS-RunShellScript, by name. */
export class Documents {
  readonly world: World;
  readonly #documents = new Map<string, Document>();

  constructor(world: World) {
    this.world = world;
    this.#add('AWS-RunShellScript', 'Amazon', RUN_SHELL_SCRIPT);
  }

  /** @throws {AwsError} DocumentAlreadyExists, or what refuses its content */
  create(name: string, text: string, options: VersionOptions = {}, tags?: GivenTags): Document {
    if (this.#documents.has(name)) {
      throw new AwsError('DocumentAlreadyExists', `Document with same name ${name} already exists`);
    }
    const document = this.#add(name, this.world.accountId, text, options);
    addTags(document.tags, tags);
    return document;
  }

  /** @throws {AwsError} DuplicateDocumentContent, or what refuses its content */
  update(document: Document, text: string, options: VersionOptions = {}): DocumentVersion {
    const latest = document.versions.at(-1);
    const targetType = options.targetType ?? latest?.targetType;
    const next = this.#version(document.versions.length + 1, text, { ...options, targetType });
    if (latest?.text === text && latest.targetType === targetType) {
      const message =
        'The content of the association document matches another document. Change the content of the document and try again.';
      throw new AwsError('DuplicateDocumentContent', message);
    }
    document.versions.push(next);
    return next;
  }

  /** By name or ARN. @throws {AwsError} InvalidDocument, InvalidDocumentVersion */
  find(name: string, wanted = '$DEFAULT'): { readonly document: Document; readonly version: DocumentVersion } {
    const document = this.#documents.get(nameOf(name));
    if (document === undefined) throw new AwsError('InvalidDocument', `Document with name ${name} does not exist.`);
    const number = resolveVersion(document, wanted);
    const found = document.versions.find(({ version }) => version === number);
    if (found !== undefined) return { document, version: found };
    throw new AwsError('InvalidDocumentVersion', `Document ${document.name} has no version ${wanted}.`);
  }

  /** Of a document that is there, by its ARN. */
  tagsOf(arn: string): Tags | undefined {
    return arn.includes(':document/') ? this.#documents.get(nameOf(arn))?.tags : undefined;
  }

  /** One that may be changed. @throws {AwsError} InvalidDocument */
  findOwn(name: string): Document {
    const { document } = this.find(name);
    if (document.owner === this.world.accountId) return document;
    throw new AwsError('InvalidDocument', `Document ${document.name} belongs to Amazon and cannot be changed.`);
  }

  delete({ name }: Document): void {
    this.#documents.delete(name);
  }

  all(): Document[] {
    return [...this.#documents.values()];
  }

  #add(name: string, owner: string, text: string, options: VersionOptions = {}): Document {
    const versions = [this.#version(1, text, options)];
    const document: Document = { name, owner, versions, defaultVersion: '1', tags: new Map() };
    this.#documents.set(name, document);
    return document;
  }

  #version(number: number, text: string, options: VersionOptions): DocumentVersion {
    return {
      ...options,
      version: String(number),
      text,
      content: parseDocumentContent(text),
      createdAt: this.world.clock.now(),
    };
  }
}

/** A document can be named by its ARN. */
const nameOf = (name: string): string => parseArn(name)?.resource.replace(/^document\//, '') ?? name;

/** The document's ARN as IAM sees it; Amazon's documents have no account. [documented: Systems Manager User Guide, "IAM"] */
export function documentArn(name: string, caller: Place): string {
  if (parseArn(name) !== undefined) return name;
  const accountId = isAmazons(name) ? '' : caller.accountId;
  return arnOf({ ...caller, accountId }, 'ssm', `document/${name}`);
}

/** Names that begin so are Amazon's. [documented: Systems Manager API Reference, "CreateDocument"] */
export const isAmazons = (name: string): boolean => /^(aws|amazon|amzn)/i.test(name);

function resolveVersion(document: Document, wanted: string): string {
  if (wanted === '$DEFAULT') return document.defaultVersion;
  return wanted === '$LATEST' ? String(document.versions.length) : wanted;
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
