import { describe, expect, it } from 'vitest';
import { allowedPartners, refusedAs } from './partner-addresses.ts';

const none = allowedPartners('none');

describe('an address', () => {
  it.each([
    ['169.254.169.254', 'a link-local address'],
    ['169.254.170.2', 'a link-local address'],
    ['127.0.0.1', 'a loopback address'],
    ['127.8.9.10', 'a loopback address'],
    ['0.0.0.0', 'an unspecified address'],
    ['10.0.0.1', 'a private address'],
    ['172.16.0.1', 'a private address'],
    ['172.31.255.255', 'a private address'],
    ['192.168.1.1', 'a private address'],
    ['100.64.0.1', 'a shared address (carrier-grade NAT)'],
    ['224.0.0.1', 'a multicast address'],
    ['255.255.255.255', 'the broadcast address'],
    ['192.0.0.8', 'a reserved address'],
    ['192.0.2.1', 'a reserved address'],
    ['198.18.0.1', 'a reserved address'],
    ['240.0.0.1', 'a reserved address'],
    ['::', 'an unspecified address'],
    ['::1', 'a loopback address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['::ffff:a9fe:a9fe', 'a link-local address'],
    ['::ffff:10.0.0.1', 'a private address'],
    ['::127.0.0.1', 'a loopback address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['fec0::1', 'a reserved address'],
    ['fc00::1', 'a private address (unique local)'],
    ['fd00:ec2::254', 'a private address (unique local)'],
    ['ff02::1', 'a multicast address'],
    ['64:ff9b::a9fe:a9fe', 'an IPv4 address behind NAT64'],
    ['64:ff9b:1::a9fe:a9fe', 'an IPv4 address behind NAT64'],
    ['2002:a9fe:a9fe::1', 'a 6to4 address'],
    ['2001:0:a9fe:a9fe::1', 'a Teredo address'],
    ['2001:db8::1', 'a reserved address'],
    ['4000::1', 'a reserved address'],
  ])('%s is %s, and refused', (address, what) => {
    expect(refusedAs(address, none)).toBe(what);
  });

  it.each(['1.1.1.1', '52.94.236.248', '172.32.0.1', '100.128.0.1', '::ffff:8.8.8.8', '2600:1f14::1', '2a05:d018::1'])(
    '%s is public, and not refused',
    (address) => {
      expect(refusedAs(address, none)).toBeUndefined();
    },
  );
});

describe('what is allowed', () => {
  it.each([
    ['10.20.0.0/16', '10.20.3.4', '10.21.0.1'],
    ['10.20.3.4', '10.20.3.4', '10.20.3.5'],
    ['fd12::/16, 10.0.0.0/8', 'fd12::7', 'fd13::7'],
    ['::1', '::1', '::2'],
    ['127.0.0.0/8', '::ffff:127.0.0.1', '::1'],
  ])('by %s: %s, and not %s', (list, allowed, refused) => {
    expect(refusedAs(allowed, allowedPartners(list))).toBeUndefined();
    expect(refusedAs(refused, allowedPartners(list))).toBeDefined();
  });

  it('are names of hosts, too', () => {
    expect(allowedPartners('Partner.Internal,other').hosts).toEqual(new Set(['partner.internal', 'other']));
  });

  it.each(['', '10.0.0.0/33', '10.0.0', '1', 'https://partner.test', 'a,,b', 'partner.test:443', 'partner.test.', '*'])(
    'is not %j, and says so',
    (list) => {
      expect(() => allowedPartners(list)).toThrow(/cannot be allowed/);
    },
  );
});
