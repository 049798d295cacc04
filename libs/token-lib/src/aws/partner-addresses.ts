/**
 * Where webhooks may go. The URL comes with the work, and with it perhaps from somebody outside; what it leads to must not be
 * inside: the credentials of an instance (169.254.169.254), the runtime of the function, a service of the VPC. So an address is
 * refused unless it is public, or the platform allows it.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { BatonError } from '../wire/errors.ts';

type Network = ReturnType<typeof ipaddr.parseCIDR>;

export interface AllowedPartners {
  readonly networks: readonly Network[];
  /** Names of hosts, in lower case: wherever they lead. */
  readonly hosts: ReadonlySet<string>;
}

const HOST = /^(?!.*[.]$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * @param list `none`, or networks (CIDR), addresses and names of hosts, separated by commas
 * @throws {BatonError} `Misconfigured`, naming the entry
 */
export function allowedPartners(list: string): AllowedPartners {
  const entries = list === 'none' ? [] : list.split(',').map((entry) => entry.trim().toLowerCase());
  const networks: Network[] = [];
  const hosts = new Set<string>();
  for (const entry of entries) {
    if (isIP(entry) !== 0) networks.push(ipaddr.parseCIDR(`${entry}/${isIP(entry) === 4 ? 32 : 128}`));
    else if (ipaddr.isValidCIDR(entry) && isIP(entry.replace(/\/\d+$/, '')) !== 0)
      networks.push(ipaddr.parseCIDR(entry));
    else if (HOST.test(entry) && !/^[\d.]+$/.test(entry)) hosts.add(entry);
    else
      throw new BatonError(
        'Misconfigured',
        `webhooks cannot be allowed to ${JSON.stringify(entry)}: not a network, address or host`,
      );
  }
  return { networks, hosts };
}

/** By the ranges of ipaddr.js, which follow the registries of IANA for special-purpose addresses (RFC 6890). */
const CLASSES: Readonly<Record<string, string>> = {
  unspecified: 'an unspecified address',
  broadcast: 'the broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  carrierGradeNat: 'a shared address (carrier-grade NAT)',
  private: 'a private address',
  uniqueLocal: 'a private address (unique local)',
  rfc6052: 'an IPv4 address behind NAT64',
  rfc6145: 'a translated IPv4 address',
  '6to4': 'a 6to4 address',
  teredo: 'a Teredo address',
};

/** What is assigned of IPv6 as global unicast so far (RFC 4291). The rest is special or nobody's. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Returns why no webhook goes to this address, as its class ("a private address"); undefined where one may. An IPv4 address that
 * is mapped into IPv6 counts as itself.
 */
export function refusedAs(address: string, { networks }: AllowedPartners): string | undefined {
  const parsed = ipaddr.process(address);
  if (networks.some((network) => isWithin(parsed, network))) return undefined;
  const range = parsed.range();
  if (range === 'unicast' && (parsed.kind() === 'ipv4' || isWithin(parsed, GLOBAL_UNICAST))) return undefined;
  return CLASSES[range] ?? 'a reserved address';
}

const isWithin = (address: ReturnType<typeof ipaddr.process>, [base, bits]: Network): boolean =>
  address.kind() === base.kind() && address.match(base, bits);
