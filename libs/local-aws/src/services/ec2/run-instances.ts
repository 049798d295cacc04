import { AwsError } from '../../kernel/aws-error.ts';
import type { World } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { integer, optional, required, structure, text } from '../../kit/reader.ts';
import type { Host } from './host.ts';
import type { Hosts } from './hosts.ts';
import { reservation } from './instance-shape.ts';
import { launchTags, settingsMembers, settingsOf, type SettingsByHost } from './instance-settings.ts';

/** The role in an instance profile, by the profile's name; undefined where there is no such profile or no role in it. */
export type RoleOfProfile = (profileName: string) => { readonly name: string; readonly arn: string } | undefined;

export interface RunInstancesParts {
  readonly world: World;
  readonly hosts: Hosts;
  readonly settings: SettingsByHost;
  readonly roleOfProfile: RoleOfProfile;
}

/** Any image is taken: what a host runs is this machine's. */
export const runInstances = ({ world, hosts, settings, roleOfProfile }: RunInstancesParts): UnboundAction =>
  action(
    {
      ...settingsMembers,
      MinCount: required(integer({ min: 1 })),
      MaxCount: required(integer({ min: 1 })),
      IamInstanceProfile: optional(structure({ Name: optional(text()), Arn: optional(text()) })),
    },
    {
      resources: (_request, caller) => [arnOf(caller, 'ec2', 'instance/*')],
      evidence: 'documented',
      async run({ MinCount, MaxCount, IamInstanceProfile, ...given }) {
        if (MinCount > MaxCount) {
          throw new AwsError('InvalidParameterValue', `Value (${MinCount}) for parameter minCount is invalid.`);
        }
        const profile = IamInstanceProfile?.Name ?? IamInstanceProfile?.Arn?.split('/').pop();
        if (profile === undefined) {
          const message = 'Name an instance profile in IamInstanceProfile: the agent of a host needs its role.';
          throw new AwsError('InvalidParameterValue', message);
        }
        const role = roleOfProfile(profile);
        if (role === undefined) throw noSuchProfile(profile);
        const tags = launchTags(given, 'instance');
        const options = { roleName: role.name, roleArn: role.arn, instanceProfileName: profile, tags };
        const launched: Host[] = [];
        for (let count = 0; count < MaxCount; count += 1) {
          const host = await hosts.launch(options);
          settings.set(host, settingsOf(world, given));
          launched.push(host);
        }
        return reservation(world, settings, launched);
      },
    },
  );

const noSuchProfile = (name: string): AwsError =>
  new AwsError(
    'InvalidParameterValue',
    `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
  );
