import type { Service, World } from '../service.ts';
import { aliasActions } from './alias-actions.ts';
import { cipherActions } from './cipher-actions.ts';
import { keyActions } from './key-actions.ts';
import { KeyRing } from './key-ring.ts';
import { macActions } from './mac-actions.ts';
import { policyActions } from './policy-actions.ts';

/** AWS KMS: symmetric keys that sign (HMAC) or encrypt. Nothing is kept beyond this process. */
export function createKms(world: World): Service {
  const ring = new KeyRing(world);
  return {
    id: 'kms',
    actions: {
      ...keyActions(ring),
      ...policyActions(ring),
      ...aliasActions(ring),
      ...macActions(ring),
      ...cipherActions(ring),
    },
  };
}
