import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** The members that are signed, in this order, where they are there. [documented: SNS Developer Guide, "Verifying signatures"] */
const SIGNED = ['Message', 'MessageId', 'SubscribeURL', 'Subject', 'Timestamp', 'Token', 'TopicArn', 'Type'];

export interface Signer {
  /** Base64. Version 1 is SHA-1, version 2 SHA-256, both with RSA. */
  sign(envelope: Readonly<Record<string, unknown>>, version: string): string;
  /** The key to verify with, as PEM. AWS has a certificate in its place; it is worth nothing outside this process. */
  publicKey(): string;
}

export function createSigner(): Signer {
  let keys: { publicKey: KeyObject; privateKey: KeyObject } | undefined;
  // Made for the first signature: most runs need none.
  const pair = () => (keys ??= generateKeyPairSync('rsa', { modulusLength: 1024 }));
  return {
    sign(envelope, version) {
      const names = SIGNED.filter((name) => envelope[name] !== undefined);
      const text = names.map((name) => `${name}\n${String(envelope[name])}\n`).join('');
      return createSign(version === '2' ? 'RSA-SHA256' : 'RSA-SHA1')
        .update(text)
        .sign(pair().privateKey, 'base64');
    },
    publicKey: () => pair().publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
