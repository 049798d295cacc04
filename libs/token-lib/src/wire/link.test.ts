import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Link, type LinkKeys, signLink, verifyLink } from './link.ts';
import { fakeMac, sampleRow, START } from '../testing/index.ts';

const keys: LinkKeys = { mac: fakeMac(), keyIds: ['alias/links'] };
const { callbackId } = sampleRow();
const approval: Link = { purpose: 'approval', callbackId, approver: 2, expiresAt: START };

const links: fc.Arbitrary<Link> = fc.oneof(
  fc
    .record({ approver: fc.integer({ min: 0, max: 99 }), seconds: fc.nat(4_102_444_800) })
    .map(({ approver, seconds }): Link => ({ purpose: 'approval', callbackId, approver, expiresAt: seconds * 1000 })),
  fc.nat(4_102_444_800).map((seconds): Link => ({ purpose: 'webhook', callbackId, expiresAt: seconds * 1000 })),
);

const refused = { name: 'Baton.LinkRefused' };

describe('a signed link', () => {
  it('says what was signed, and is safe in a URL', () =>
    fc.assert(
      fc.asyncProperty(links, async (link) => {
        const text = await signLink(keys, link);
        expect(encodeURIComponent(text)).toBe(text);
        expect(text.length).toBeLessThan(110);
        expect(await verifyLink(keys, link.purpose, text)).toEqual(link);
      }),
    ));

  it('with any character changed, added or left out is refused', () =>
    fc.assert(
      fc.asyncProperty(links, fc.nat(200), fc.string({ unit: 'binary', maxLength: 2 }), async (link, place, other) => {
        const text = await signLink(keys, link);
        const at = place % text.length;
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        fc.pre(changed !== text);
        await expect(verifyLink(keys, link.purpose, changed)).rejects.toMatchObject(refused);
      }),
    ));

  it('has one spelling: the spare bits of its last character count too', async () => {
    const text = await signLink(keys, approval);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const last of alphabet) {
      if (text.endsWith(last)) continue;
      await expect(verifyLink(keys, 'approval', text.slice(0, -1) + last)).rejects.toMatchObject(refused);
    }
  });

  it('is of no use for another purpose, and no other approver’s', async () => {
    const text = await signLink(keys, approval);
    await expect(verifyLink(keys, 'webhook', text)).rejects.toMatchObject(refused);
    await expect(verifyLink(keys, 'webhook', text.replace('approval', 'webhook'))).rejects.toMatchObject(refused);
    await expect(verifyLink(keys, 'approval', text.replace('.2.', '.1.'))).rejects.toMatchObject(refused);
  });

  it('outlives the change to a new key, and not the old key', async () => {
    const text = await signLink(keys, approval);
    expect(await verifyLink({ ...keys, keyIds: ['alias/new', 'alias/links'] }, 'approval', text)).toEqual(approval);
    await expect(verifyLink({ ...keys, keyIds: ['alias/new'] }, 'approval', text)).rejects.toMatchObject(refused);
    const renewed = await signLink({ ...keys, keyIds: ['alias/new', 'alias/links'] }, approval);
    expect(await verifyLink({ ...keys, keyIds: ['alias/new'] }, 'approval', renewed)).toEqual(approval);
  });

  it('costs no call of KMS where it cannot be one', async () => {
    const verify = vi.fn(async () => true);
    const strict = { ...keys, mac: { ...keys.mac, verify } };
    const text = await signLink(keys, approval);
    for (const bad of [
      '',
      'x'.repeat(5_000),
      `${text}.`,
      `/${text}`,
      text.toUpperCase(),
      text.replace(/\.[^.]{6}\./, '.AAAAAA.'),
    ]) {
      await expect(verifyLink(strict, 'approval', bad)).rejects.toMatchObject(refused);
    }
    expect(verify).not.toHaveBeenCalled();
  });

  it('is not refused, but not taken either, where the key cannot be asked', async () => {
    const verify = async () => Promise.reject(new Error('KMS is away'));
    const text = await signLink(keys, approval);
    await expect(verifyLink({ ...keys, mac: { ...keys.mac, verify } }, 'approval', text)).rejects.toThrow(
      'KMS is away',
    );
  });
});
