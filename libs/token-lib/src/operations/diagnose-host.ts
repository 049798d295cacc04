/** Why work on a host waits: EC2, its agent, the command, the claim, the heartbeats. */
import type { Dispatched } from '../lifecycle/callback.ts';
import { heartbeatIntervalSeconds } from '../wire/limits.ts';
import { seconds } from '../wire/millis.ts';
import { calm, type Diagnosis, type Facts, sayDuration, trouble, watch } from './diagnosis.ts';

/** A claim comes within a second or two of the command's delivery. */
const CLAIM_PATIENCE = seconds(15);

export function diagnoseHost(facts: Facts, row: Dispatched): Diagnosis {
  return (
    lostHost(facts, row) ??
    endedCommand(facts, row) ??
    (row.run === undefined ? unclaimed(facts, row) : running(facts, row))
  );
}

const RETRY_ELSEWHERE =
  'Nothing to settle: the task fails with Baton.HostLost by itself. Start the work on another host (a Retry does), or launch this one again.';

function lostHost({ host }: Facts, row: Dispatched): Diagnosis | undefined {
  const id = row.terms.instanceId ?? 'the host';
  if (host === undefined) return undefined;
  switch (host.state) {
    case undefined:
      return trouble('host-unknown', `EC2 does not know ${id}`, RETRY_ELSEWHERE);
    case 'terminated':
    case 'shutting-down':
      return trouble('host-lost', `${id} is ${host.state}`, RETRY_ELSEWHERE);
    case 'stopped':
    case 'stopping':
      return trouble(
        'host-stopped',
        `${id} is ${host.state}`,
        'Start the host. The task fails with Baton.HostLost by itself, and a Retry starts the work again.',
      );
    default:
      return undefined;
  }
}

const ENDED = new Set(['Failed', 'Cancelled', 'TimedOut', 'Success']);

function endedCommand({ command, now }: Facts, row: Dispatched): Diagnosis | undefined {
  if (row.observed !== undefined) {
    const since = sayDuration(now - row.observed.at);
    return watch(
      'ended-unreported',
      `SSM saw the command end (${row.observed.status}) ${since} ago; its own report has its grace`,
      'Nothing: without a report the task fails with Baton.JobLost within seconds.',
    );
  }
  if (command === undefined || !ENDED.has(command.status)) return undefined;
  if (/ec2-agent-notifier: (command )?not found|No such file/.test(command.stderr)) {
    return trouble(
      'notifier-missing',
      'the command failed: ec2-agent-notifier is not installed on the host',
      'Run the install document on the host. The task fails by itself, and a Retry starts the work again.',
    );
  }
  return trouble(
    'command-ended',
    `the command ended (${command.details}) without a report`,
    'The event of its end is on its way; then the task fails with Baton.JobLost. If it stays, see that completer-events works.',
  );
}

function unclaimed({ command, host, refused, now }: Facts, row: Dispatched): Diagnosis {
  const waited = now - row.createdAt;
  const since = sayDuration(waited);
  if (host?.agent !== undefined && host.agent !== 'Online') {
    return trouble(
      'agent-unreachable',
      `no claim for ${since}: the host runs, but its SSM agent does not answer (${host.agent})`,
      'Restart the agent or the host, or mend its network: the command is delivered as soon as it answers. Otherwise stop the callback, and a Retry chooses again.',
    );
  }
  if (refused !== undefined) {
    return trouble(
      'claim-refused',
      `no claim for ${since}: the host asks, and Baton refuses (${refused})`,
      'Give the host the role that the platform allows (host_role_names), with execute-api:Invoke on the API, and see that its clock is right. Then stop the callback, and a Retry starts it again.',
    );
  }
  if (command?.status === 'Pending' || command?.status === 'Delayed') {
    return watch(
      'agent-busy',
      `no claim for ${since}: the command is not delivered (${command.details})`,
      'The agent runs its other commands first. Wait, stop one of them, or raise CommandWorkersLimit on the host.',
    );
  }
  if (waited < CLAIM_PATIENCE) return calm('starting', `the command is on its way for ${since}`);
  return watch(
    'unclaimed',
    `no claim for ${since}${command === undefined ? '' : ': the command is delivered, and the notifier has not asked'}`,
    'See on the host whether it reaches the API, and the notifier’s log. The host may be jammed: reboot it, or stop the callback, and a Retry starts the work again.',
  );
}

function running({ host, now }: Facts, row: Dispatched): Diagnosis {
  const run = row.run;
  const { heartbeatSeconds } = row.terms;
  if (run === undefined) return calm('starting', 'the command is on its way');
  if (run.releasedAt !== undefined)
    return watch(
      'run-over',
      'the run is over, and its outcome not here',
      'Nothing: the reconciler asks SSM what became of it.',
    );
  const silent = now - run.lastContactAt;
  if (heartbeatSeconds !== undefined && silent > 2 * seconds(heartbeatIntervalSeconds(heartbeatSeconds))) {
    const agent = host?.agent !== undefined && host.agent !== 'Online';
    return agent
      ? trouble(
          'host-unreachable',
          `worker silent for ${sayDuration(silent)}, and its host’s agent does not answer (${host.agent})`,
          'The host has lost its network, or is jammed: mend it or reboot it. The task fails by its heartbeat, and a Retry waits until the old run cannot go on.',
        )
      : trouble(
          'worker-silent',
          `worker silent for ${sayDuration(silent)}`,
          'See the job on its host. The task fails by its heartbeat by itself; stop the callback to end it now.',
        );
  }
  if (row.hostWarning !== undefined) {
    return watch(
      'host-interrupted',
      `running, and EC2 has announced: ${row.hostWarning.action}`,
      'Nothing: the task fails with Baton.HostLost when the host ends. A Retry starts it on another one.',
    );
  }
  return calm('running', `running for ${sayDuration(now - run.claimedAt)}`);
}
