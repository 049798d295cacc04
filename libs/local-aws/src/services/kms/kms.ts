import { actionsIn } from '../../kit/action.ts';
import { coral } from '../../kit/dialects.ts';
import type { Service, World } from '../../kernel/service.ts';
import { aliasActions } from './alias-actions.ts';
import { cryptoActions } from './crypto-actions.ts';
import { keyActions } from './key-actions.ts';
import { KeyRing } from './key-ring.ts';
import { policyActions } from './policy-actions.ts';

/** AWS KMS: symmetric keys that sign (HMAC) or encrypt. Nothing is kept beyond this process. */
export function createKms(world: World): Service {
  const ring = new KeyRing(world);
  return {
    id: 'kms',
    resourceFacts: {
      policyOf: (arn) => ring.get(arn)?.policy,
      tagsOf: (arn) => ring.get(arn)?.tags,
      aliasesOf: (arn) => ring.aliasesOf(arn),
    },
    actions: actionsIn(coral({ lowerFirst: true }), {
      ...keyActions(ring),
      ...policyActions(ring),
      ...aliasActions(ring),
      ...cryptoActions(ring),
    }),
  };
}
