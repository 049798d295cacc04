/**
 * State Manager's associations: a document that is run on hosts as they come, and not by a command.
 *
 * 1. A version of an association is applied to a host when the version is made, and when the host's agent starts, until it has succeeded there.
 * 2. The host itself reads the document, with its own rights, as its agent does.
 * 3. What is reported of an older version, or after a newer run began, changes nothing.
 */
import { AwsError } from '../../kernel/aws-error.ts';
import { roleCaller } from '../../kernel/caller.ts';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import type { AgentHost, AgentHosts } from '../../kit/host.ts';
import { addTags, type GivenTags, type Tags } from '../../kit/tags.ts';
import { startRun, type AgentRun } from './agent.ts';
import { statusOfSteps, type StepResult, type Target } from './command.ts';
import type { Documents } from './documents.ts';
import { resolveParameters, type ParameterLists } from './parameter-values.ts';
import { renderDocument } from './render-steps.ts';
import { checkTargets, isTargeted } from './targets.ts';

/** What a request may change; a change makes a new version of the association. */
export interface AssociationSettings {
  readonly documentVersion: string;
  readonly parameters: ParameterLists;
  readonly targets: readonly Target[];
  readonly associationName?: string | undefined;
  /** Members that are kept and shown, and have no effect. */
  readonly shown: JsonObject;
}

export type AssociationStatus = 'Pending' | 'Success' | 'Failed';

/** One version of an association on one host. */
export interface AssociationRun {
  readonly host: AgentHost;
  readonly executionId: string;
  readonly version: number;
  readonly startedAt: Millis;
  readonly status: AssociationStatus;
  /** What became of the steps, and the first line of what went wrong. */
  readonly summary: string;
}

export interface Association {
  readonly id: string;
  /** Of the document. */
  readonly name: string;
  readonly createdAt: Millis;
  readonly tags: Tags;
  updatedAt: Millis;
  version: number;
  settings: AssociationSettings;
  /** The latest of each host, by its id. */
  readonly runs: Map<string, AssociationRun>;
}

const MAX_SUMMARY = 512;

export class Associations {
  readonly world: World;
  readonly #documents: Documents;
  readonly #hosts: AgentHosts;
  readonly #byId = new Map<string, Association>();
  readonly #running = new Set<AgentRun>();

  constructor(world: World, hosts: AgentHosts, documents: Documents) {
    this.world = world;
    this.#hosts = hosts;
    this.#documents = documents;
    hosts.onBoot((host) => {
      for (const association of this.#byId.values()) if (this.#isDue(association, host)) this.#apply(association, host); // 1
    });
  }

  /** @throws {AwsError} InvalidDocument, InvalidDocumentVersion, InvalidParameters, InvalidTarget, or that there is one of the name */
  create(name: string, settings: AssociationSettings, tags?: GivenTags): Association {
    this.#check(name, settings);
    const { associationName } = settings;
    if (associationName !== undefined && this.list().some((one) => one.settings.associationName === associationName)) {
      throw new AwsError('AssociationAlreadyExists', `There is an association of the name ${associationName} already.`);
    }
    const now = this.world.clock.now();
    const id = this.world.uuid();
    const about = { id, name, createdAt: now, updatedAt: now, tags: addTags(new Map(), tags) };
    const association = { ...about, version: 1, settings, runs: new Map() };
    this.#byId.set(id, association);
    this.applyNow(association);
    return association;
  }

  /** @throws {AwsError} as `create` */
  update(association: Association, settings: AssociationSettings): void {
    this.#check(association.name, settings);
    association.settings = settings;
    association.version += 1;
    association.updatedAt = this.world.clock.now();
    this.applyNow(association);
  }

  /** On every host that it is for and that runs. */
  applyNow(association: Association): void {
    for (const host of this.#hosts.list()) {
      if (host.state === 'running' && isTargeted(host, association.settings.targets)) this.#apply(association, host);
    }
  }

  /** @throws {AwsError} AssociationDoesNotExist */
  find(id: string): Association {
    const association = this.#byId.get(id);
    if (association !== undefined) return association;
    throw new AwsError('AssociationDoesNotExist', `The association ${id} does not exist.`);
  }

  list(): Association[] {
    return [...this.#byId.values()];
  }

  delete({ id }: Association): void {
    this.#byId.delete(id);
  }

  close(): void {
    for (const run of this.#running) run.cancel();
  }

  #check(name: string, { documentVersion, parameters, targets }: AssociationSettings): void {
    const { version } = this.#documents.find(name, documentVersion);
    resolveParameters(version.content, parameters);
    checkTargets(targets);
  }

  #isDue({ settings, runs, version }: Association, host: AgentHost): boolean {
    const last = runs.get(host.instanceId);
    const isDone = last?.version === version && last.status === 'Success';
    return isTargeted(host, settings.targets) && !isDone;
  }

  #apply(association: Association, host: AgentHost): void {
    const { world } = this;
    const about = { host, version: association.version, executionId: world.uuid(), startedAt: world.clock.now() };
    const pending: AssociationRun = { ...about, status: 'Pending', summary: '' };
    association.runs.set(host.instanceId, pending);
    const enter = (status: AssociationStatus, summary: string): void => {
      if (association.runs.get(host.instanceId)?.executionId !== pending.executionId) return; // 3
      association.runs.set(host.instanceId, { ...about, status, summary: summary.slice(0, MAX_SUMMARY) });
    };
    const begun = world.activity.begin();
    this.#run(association, pending, begun)
      .then(
        (steps) =>
          steps !== 'lost' && enter(statusOfSteps(steps) === 'Success' ? 'Success' : 'Failed', summaryOf(steps)),
        (cause: unknown) => enter('Failed', cause instanceof Error ? cause.message : String(cause)),
      )
      .finally(begun);
  }

  async #run(
    { name, settings }: Association,
    { host, executionId }: AssociationRun,
    started: () => void,
  ): Promise<readonly StepResult[] | 'lost'> {
    const { documentVersion, parameters } = settings;
    const agent = roleCaller(this.world, host.roleArn, host.instanceId);
    await this.world.call(agent, 'ssm:GetDocument', { Name: name, DocumentVersion: documentVersion }); // 2
    const { content } = this.#documents.find(name, documentVersion).version;
    const rendered = renderDocument(content, resolveParameters(content, parameters));
    const run = startRun(this.world, host, executionId, rendered, started);
    this.#running.add(run);
    return run.result.finally(() => this.#running.delete(run));
  }
}

/** As AWS counts the steps; what a failed one wrote follows, for a reader who has no log. */
function summaryOf(steps: readonly StepResult[]): string {
  const count = (status: StepResult['status']): number => steps.filter((step) => step.status === status).length;
  const [all, failed, timedOut] = [steps.length, count('Failed'), count('TimedOut')];
  const words = steps.find(({ status }) => status === 'Failed')?.stderr.trim() ?? '';
  const counts = `${count('Success')} success, ${failed} failed, ${timedOut} timedout, 0 skipped.`;
  return `${all} out of ${all} plugins processed, ${counts}${words && ` ${words}`}`;
}
