import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, integer, list, oneOf, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import type { Hosts } from './hosts.ts';
import type { InstanceSettings, SettingsByHost } from './instance-settings.ts';
import { instanceArns, selectHosts, filters, instanceId, instanceIds } from './select-hosts.ts';

const attributes: Readonly<Record<string, (settings: InstanceSettings) => JsonObject>> = {
  disableApiTermination: ({ disableApiTermination: Value }) => ({ DisableApiTermination: { Value } }),
  disableApiStop: ({ disableApiStop: Value }) => ({ DisableApiStop: { Value } }),
  ebsOptimized: ({ ebsOptimized: Value }) => ({ EbsOptimized: { Value } }),
  instanceInitiatedShutdownBehavior: () => ({ InstanceInitiatedShutdownBehavior: { Value: 'stop' } }),
  instanceType: ({ instanceType: Value }) => ({ InstanceType: { Value } }),
  sourceDestCheck: () => ({ SourceDestCheck: { Value: true } }),
  userData: ({ userData: Value }) => ({ UserData: Value === undefined ? {} : { Value } }),
};

const flagValue = optional(structure({ Value: optional(flag) }));

/** The actions on single attributes of instances, and on what their type can do. */
export const instanceAttributeActions = (hosts: Hosts, settings: SettingsByHost): Record<string, UnboundAction> => ({
  DescribeInstanceAttribute: action(
    { InstanceId: required(instanceId), Attribute: required(oneOf(Object.keys(attributes))) },
    {
      resources: ({ InstanceId }, caller) => instanceArns(caller, [InstanceId]),
      evidence: 'documented',
      run({ InstanceId, Attribute }) {
        const [host] = selectHosts(hosts, { InstanceIds: [InstanceId] });
        const shown = host === undefined ? {} : attributes[Attribute]?.(settings.of(host));
        return { InstanceId, ...shown };
      },
    },
  ),

  ModifyInstanceAttribute: action(
    { InstanceId: required(instanceId), DisableApiTermination: flagValue, DisableApiStop: flagValue },
    {
      resources: ({ InstanceId }, caller) => instanceArns(caller, [InstanceId]),
      evidence: 'documented',
      run({ InstanceId, DisableApiTermination, DisableApiStop }) {
        for (const host of selectHosts(hosts, { InstanceIds: [InstanceId] })) {
          const of = settings.of(host);
          of.disableApiTermination = DisableApiTermination?.Value ?? of.disableApiTermination;
          of.disableApiStop = DisableApiStop?.Value ?? of.disableApiStop;
        }
        return {};
      },
    },
  ),

  DescribeInstanceTypes: action(
    { InstanceTypes: withDefault(list(text()), []), MaxResults: optional(integer()) },
    {
      evidence: 'documented',
      run: ({ InstanceTypes }) => ({
        InstanceTypes: InstanceTypes.map((InstanceType) => ({
          InstanceType,
          CurrentGeneration: true,
          BurstablePerformanceSupported: isBurstable(InstanceType),
          Hypervisor: 'nitro',
        })),
      }),
    },
  ),

  DescribeInstanceCreditSpecifications: action(
    { InstanceIds: instanceIds, Filters: filters },
    {
      evidence: 'documented',
      run: (request) => ({
        InstanceCreditSpecifications: selectHosts(hosts, request)
          .filter((host) => isBurstable(settings.of(host).instanceType))
          .map((host) => ({ InstanceId: host.instanceId, CpuCredits: creditsOf(settings.of(host).instanceType) })),
      }),
    },
  ),
});

const isBurstable = (instanceType: string): boolean => /^t\d/.test(instanceType);

/** [documented: EC2 User Guide, "Burstable performance instances"] */
const creditsOf = (instanceType: string): string => (instanceType.startsWith('t2') ? 'standard' : 'unlimited');
