import type { JsonObject, ServiceId } from '../../kernel/service.ts';

/** EC2's names on the wire, where they are not the model's with a small first letter. */
const EC2_NAMES: Readonly<Record<string, string>> = {
  BlockDeviceMappings: 'blockDeviceMapping',
  Groups: 'groupSet',
  InstanceStatuses: 'instanceStatusSet',
  Instances: 'instancesSet',
  NetworkInterfaces: 'networkInterfaceSet',
  PublicDnsName: 'dnsName',
  PublicIpAddress: 'ipAddress',
  Reservations: 'reservationSet',
  SecurityGroups: 'groupSet',
  StartingInstances: 'instancesSet',
  State: 'instanceState',
  StateTransitionReason: 'reason',
  StoppingInstances: 'instancesSet',
  Tags: 'tagSet',
  TerminatingInstances: 'instancesSet',
};

/** The members of an answer as XML elements. */
export function toXml(members: JsonObject, service: ServiceId): string {
  let text = '';
  for (const [member, value] of Object.entries(members)) {
    if (value === undefined || value === null) continue;
    const name = service === 'ec2' ? (EC2_NAMES[member] ?? member.charAt(0).toLowerCase() + member.slice(1)) : member;
    text += `<${name}>${content(member, value, service)}</${name}>`;
  }
  return text;
}

function content(member: string, value: unknown, service: ServiceId): string {
  if (Array.isArray(value)) {
    const name = service === 'ec2' ? 'item' : 'member';
    return value.map((item) => `<${name}>${content(member, item, service)}</${name}>`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return member === 'Attributes' ? entries(value as JsonObject, service) : toXml(value as JsonObject, service);
  }
  return escape(String(value));
}

/** `Attributes` is the one member of these services that is a map, not a structure. */
function entries(map: JsonObject, service: ServiceId): string {
  return Object.entries(map)
    .map(([key, value]) => `<entry><key>${escape(key)}</key><value>${content('value', value, service)}</value></entry>`)
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

const escape = (text: string): string => text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
