import type { JsonObject, ServiceId } from '../../kernel/service.ts';

/** EC2's names on the wire, where they are not the model's with a small first letter; `A.B` is the B of an A. */
const EC2_NAMES: Readonly<Record<string, string>> = {
  'Attachments.State': 'status',
  Attachments: 'attachmentSet',
  BlockDeviceMappings: 'blockDeviceMapping',
  Groups: 'groupSet',
  'Images.OwnerId': 'imageOwnerId',
  'Images.State': 'imageState',
  Images: 'imagesSet',
  InstanceCreditSpecifications: 'instanceCreditSpecificationSet',
  'Instances.State': 'instanceState',
  InstanceStatuses: 'instanceStatusSet',
  InstanceTypes: 'instanceTypeSet',
  Instances: 'instancesSet',
  NetworkInterfaces: 'networkInterfaceSet',
  PublicDnsName: 'dnsName',
  PublicIpAddress: 'ipAddress',
  Reservations: 'reservationSet',
  SecurityGroups: 'groupSet',
  StartingInstances: 'instancesSet',
  StateTransitionReason: 'reason',
  StoppingInstances: 'instancesSet',
  Tags: 'tagSet',
  TerminatingInstances: 'instancesSet',
  'Volumes.State': 'status',
  Volumes: 'volumeSet',
};

/** The members of an answer as XML elements. */
export function toXml(members: JsonObject, service: ServiceId, within = ''): string {
  let text = '';
  for (const [member, value] of Object.entries(members)) {
    if (value === undefined || value === null) continue;
    const name = service === 'ec2' ? ec2Name(within, member) : member;
    text += `<${name}>${content(member, value, service)}</${name}>`;
  }
  return text;
}

const ec2Name = (within: string, member: string): string =>
  EC2_NAMES[`${within}.${member}`] ?? EC2_NAMES[member] ?? member.charAt(0).toLowerCase() + member.slice(1);

function content(member: string, value: unknown, service: ServiceId): string {
  if (Array.isArray(value)) {
    const name = service === 'ec2' ? 'item' : 'member';
    return value.map((item) => `<${name}>${content(member, item, service)}</${name}>`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return member === 'Attributes'
      ? entries(value as JsonObject, service)
      : toXml(value as JsonObject, service, member);
  }
  return escapeXml(String(value));
}

/** `Attributes` is the one member of these services that is a map, not a structure. */
function entries(map: JsonObject, service: ServiceId): string {
  return Object.entries(map)
    .map(
      ([key, value]) => `<entry><key>${escapeXml(key)}</key><value>${content('value', value, service)}</value></entry>`,
    )
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** For the text of an element, and for a value in quotes. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
