import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { s3 } from '../../kit/dialects.ts';
import { bucketActions } from './bucket-actions.ts';
import { Buckets } from './buckets.ts';
import { listObjectsAction, listVersionsAction } from './list-objects.ts';
import { multipartActions } from './multipart-actions.ts';
import { objectActions } from './object-actions.ts';
import { objectTagActions } from './object-tags.ts';

/**
 * Amazon S3, as far as artifacts and Terraform's state need it: buckets and objects in memory, with versions. Settings of buckets
 * other than versioning are kept and not carried out.
 */
export function createS3(world: World): Service {
  const buckets = new Buckets(world);
  return {
    id: 's3',
    resourceFacts: { policyOf: (arn) => buckets.policyOf(arn), tagsOf: (arn) => buckets.tagsOf(arn) },
    actions: actionsIn(s3, {
      ...bucketActions(buckets),
      ...objectActions(buckets),
      ...multipartActions(buckets),
      ...objectTagActions(buckets),
      ListObjectsV2: listObjectsAction(buckets),
      ListObjectVersions: listVersionsAction(buckets),
    }),
  };
}
