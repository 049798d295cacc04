import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentHost } from '../../kit/host.ts';

/** [documented: amazon-ssm-agent, README and appconfig/constants.go] */
const CONFIG_FILE = 'etc/amazon/ssm/amazon-ssm-agent.json';
const DEFAULT_WORKERS = 5;

/**
 * Returns how many commands the agent of a host runs at a time, by its configuration; its default where there is none, or none that can be
 * read. The agent reads it when it starts; here it is read for each command, because nothing starts an agent again.
 */
export function commandWorkersOf({ folder }: AgentHost): number {
  try {
    const config = JSON.parse(readFileSync(join(folder, CONFIG_FILE), 'utf8')) as {
      readonly Mds?: { readonly CommandWorkersLimit?: unknown };
    };
    const limit = config.Mds?.CommandWorkersLimit;
    return typeof limit === 'number' && limit >= 1 ? limit : DEFAULT_WORKERS;
  } catch {
    return DEFAULT_WORKERS;
  }
}
