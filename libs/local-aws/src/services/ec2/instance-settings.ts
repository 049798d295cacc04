import type { JsonObject, World } from '../../kernel/service.ts';
import { flag, integer, list, oneOf, optional, structure, text, withDefault, type Members } from '../../kit/reader.ts';
import type { Host } from './host.ts';

/** What an instance was launched with, beside what makes it a host of work; it is shown, and its processes do not feel it. */
export interface InstanceSettings {
  readonly imageId: string;
  readonly instanceType: string;
  /** As EC2 names it where nothing is given: IMDSv2 is required, because that is what hosts here answer. */
  readonly metadataOptions: JsonObject;
  readonly monitoring: boolean;
  readonly ebsOptimized: boolean;
  readonly userData: string | undefined;
  readonly rootVolume: RootVolume;
  disableApiTermination: boolean;
  disableApiStop: boolean;
}

export interface RootVolume {
  readonly id: string;
  readonly sizeGiB: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly deleteOnTermination: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** The one disk of every host, as Amazon Linux names it. */
export const ROOT_DEVICE = '/dev/xvda';

export const tagMembers = withDefault(list(structure({ Key: text(), Value: withDefault(text(), '') })), []);

/** The members of RunInstances that are kept to be shown. */
export const settingsMembers = {
  ImageId: withDefault(text(), 'ami-00000000000000000'),
  InstanceType: withDefault(text(), 'm5.large'),
  DisableApiTermination: withDefault(flag, false),
  DisableApiStop: withDefault(flag, false),
  EbsOptimized: withDefault(flag, false),
  UserData: optional(text()),
  Monitoring: optional(structure({ Enabled: withDefault(flag, false) })),
  MetadataOptions: optional(
    structure({
      HttpTokens: optional(oneOf(['required', 'optional'])),
      HttpEndpoint: optional(oneOf(['enabled', 'disabled'])),
      HttpPutResponseHopLimit: optional(integer({ min: 1, max: 64 })),
      HttpProtocolIpv6: optional(oneOf(['enabled', 'disabled'])),
      InstanceMetadataTags: optional(oneOf(['enabled', 'disabled'])),
    }),
  ),
  BlockDeviceMappings: withDefault(
    list(
      structure({
        DeviceName: optional(text()),
        Ebs: optional(
          structure({
            VolumeSize: optional(integer({ min: 1, max: 65_536 })),
            VolumeType: optional(text()),
            Encrypted: optional(flag),
            DeleteOnTermination: optional(flag),
          }),
        ),
      }),
    ),
    [],
  ),
  TagSpecifications: withDefault(list(structure({ ResourceType: optional(text()), Tags: tagMembers })), []),
};
type Given = Members<typeof settingsMembers>;

/** The tags that a launch gives to what it makes, e.g. to the `volume`. */
export const launchTags = ({ TagSpecifications }: Pick<Given, 'TagSpecifications'>, of: string) =>
  Object.fromEntries(
    TagSpecifications.filter(({ ResourceType }) => ResourceType === of)
      .flatMap(({ Tags }) => Tags)
      .map(({ Key, Value }) => [Key, Value]),
  );

export function settingsOf(world: World, given: Given): InstanceSettings {
  const disk = given.BlockDeviceMappings.find(({ DeviceName }) => DeviceName === ROOT_DEVICE)?.Ebs;
  const metadata = given.MetadataOptions;
  return {
    imageId: given.ImageId,
    instanceType: given.InstanceType,
    metadataOptions: {
      State: 'applied',
      HttpTokens: metadata?.HttpTokens ?? 'required',
      HttpPutResponseHopLimit: metadata?.HttpPutResponseHopLimit ?? 2,
      HttpEndpoint: metadata?.HttpEndpoint ?? 'enabled',
      HttpProtocolIpv6: metadata?.HttpProtocolIpv6 ?? 'disabled',
      InstanceMetadataTags: metadata?.InstanceMetadataTags ?? 'disabled',
    },
    monitoring: given.Monitoring?.Enabled ?? false,
    ebsOptimized: given.EbsOptimized,
    userData: given.UserData,
    disableApiTermination: given.DisableApiTermination,
    disableApiStop: given.DisableApiStop,
    rootVolume: {
      id: `vol-${world.uuid().replaceAll('-', '').slice(0, 17)}`,
      sizeGiB: disk?.VolumeSize ?? 8,
      type: disk?.VolumeType ?? 'gp3',
      encrypted: disk?.Encrypted ?? false,
      deleteOnTermination: disk?.DeleteOnTermination ?? true,
      tags: launchTags(given, 'volume'),
    },
  };
}

/** The settings of the instances that RunInstances made, and those of the others as they come by. */
export class SettingsByHost {
  readonly #world: World;
  readonly #settings = new WeakMap<Host, InstanceSettings>();

  constructor(world: World) {
    this.#world = world;
  }

  set(host: Host, settings: InstanceSettings): void {
    this.#settings.set(host, settings);
  }

  of(host: Host): InstanceSettings {
    const known = this.#settings.get(host);
    if (known !== undefined) return known;
    const settings = settingsOf(this.#world, NOTHING_GIVEN);
    this.set(host, settings);
    return settings;
  }
}

const NOTHING_GIVEN: Given = {
  ImageId: 'ami-00000000000000000',
  InstanceType: 'm5.large',
  DisableApiTermination: false,
  DisableApiStop: false,
  EbsOptimized: false,
  UserData: undefined,
  Monitoring: undefined,
  MetadataOptions: undefined,
  BlockDeviceMappings: [],
  TagSpecifications: [],
};
