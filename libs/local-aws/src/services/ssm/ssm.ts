import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { coral } from '../../kit/dialects.ts';
import type { AgentHosts } from '../../kit/host.ts';
import { associationActions, associationQueries } from './association-actions.ts';
import { Associations } from './associations.ts';
import { commandActions } from './command-actions.ts';
import { Commands } from './commands.ts';
import { documentActions, documentQueries } from './document-actions.ts';
import { Documents } from './documents.ts';
import { instanceActions } from './instance-actions.ts';
import { parameterActions } from './parameter-actions.ts';
import { sendCommandAction } from './send-command.ts';
import { tagActions } from './tag-actions.ts';

export interface Ssm extends Service {
  /**
   * Delivers a command to its hosts a second time, with the same ids, as SSM may: the script runs again. Unless `reports`, only the
   * first delivery's result counts; otherwise whichever comes first. Resolves when the scripts have ended.
   * @throws {AwsError} InvalidCommandId
   */
  readonly redeliver: Commands['redeliver'];
}

/** AWS Systems Manager: documents, Run Command and associations on local hosts, and the plainest of Parameter Store. */
export function createSsm(world: World, hosts: AgentHosts): Ssm {
  const documents = new Documents(world);
  const commands = new Commands(world, hosts);
  const associations = new Associations(world, hosts, documents);
  return {
    id: 'ssm',
    resourceFacts: { tagsOf: (arn) => documents.tagsOf(arn) },
    actions: actionsIn(coral({ lowerFirst: true }), {
      SendCommand: sendCommandAction(commands, documents),
      ...commandActions(commands),
      ...documentActions(documents),
      ...documentQueries(documents),
      ...associationActions(associations),
      ...associationQueries(associations),
      ...instanceActions(world, hosts),
      ...parameterActions(world),
      ...tagActions({
        Document: (name) => documents.findOwn(name).tags,
        Association: (id) => associations.find(id).tags,
      }),
    }),
    redeliver: (commandId, options) => commands.redeliver(commandId, options),
    close() {
      commands.close();
      associations.close();
    },
  };
}
