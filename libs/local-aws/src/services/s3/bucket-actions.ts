import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { oneOf, required, text } from '../../kit/reader.ts';
import { bucketArn, bucketName, type Buckets } from './buckets.ts';
import { BUCKET_SETTINGS, type BucketSetting } from './bucket-settings.ts';

const bucketMember = { Bucket: bucketName };

/** The actions on buckets. */
export const bucketActions = (buckets: Buckets): Record<string, UnboundAction> => ({
  ...lifeActions(buckets),
  ...versioningActions(buckets),
  ...Object.fromEntries(BUCKET_SETTINGS.flatMap((setting) => Object.entries(settingActions(buckets, setting)))),
});

function lifeActions(buckets: Buckets): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    CreateBucket: action(bucketMember, {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence,
      run({ Bucket }) {
        buckets.create(Bucket);
        return { Location: `/${Bucket}` };
      },
    }),

    HeadBucket: action(bucketMember, {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence,
      run: ({ Bucket }) => ({ BucketRegion: buckets.find(Bucket).region }),
    }),

    // us-east-1 is told as nothing. [documented: S3 API Reference, "GetBucketLocation"]
    GetBucketLocation: action(bucketMember, {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence,
      run({ Bucket }) {
        const { region } = buckets.find(Bucket);
        return { LocationConstraint: region === 'us-east-1' ? '' : region };
      },
    }),

    ListBuckets: action(
      {},
      {
        evidence,
        run: () => ({
          Owner: { ID: buckets.world.accountId },
          Buckets: buckets.all().map(({ name, createdAt }) => ({
            Name: name,
            CreationDate: new Date(createdAt).toISOString(),
          })),
        }),
      },
    ),

    DeleteBucket: action(bucketMember, {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence,
      run({ Bucket }) {
        buckets.delete(buckets.find(Bucket));
        return {};
      },
    }),
  };
}

function versioningActions(buckets: Buckets): Record<string, UnboundAction> {
  const evidence = 'documented';
  return {
    PutBucketVersioning: action(
      { ...bucketMember, Status: required(oneOf(['Enabled', 'Suspended'])) },
      {
        resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
        evidence,
        run({ Bucket, Status }) {
          buckets.find(Bucket).versioning = Status;
          return {};
        },
      },
    ),

    GetBucketVersioning: action(bucketMember, {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence,
      run({ Bucket }) {
        const { versioning } = buckets.find(Bucket);
        return versioning === undefined ? {} : { Status: versioning };
      },
    }),
  };
}

/** Put, get and, where there is one, delete of one setting, whose document is kept as it comes. */
function settingActions(buckets: Buckets, setting: BucketSetting): Record<string, UnboundAction> {
  const { name, missing = 'NotFound', otherwise, deletable } = setting;
  const evidence = 'documented';
  return {
    [`Put${name}`]: action(
      { ...bucketMember, Document: required(text({ min: 1 })) },
      {
        resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
        evidence,
        run({ Bucket, Document }) {
          buckets.find(Bucket).settings.set(name, Document);
          return {};
        },
      },
    ),

    [`Get${name}`]: action(bucketMember, {
      resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
      evidence,
      run({ Bucket }) {
        const document = buckets.find(Bucket).settings.get(name) ?? otherwise;
        if (document === undefined) throw new AwsError(missing, `The ${name} was not found`, 404);
        return { Document: document };
      },
    }),

    ...(deletable && {
      [`Delete${name}`]: action(bucketMember, {
        resources: ({ Bucket }, caller) => [bucketArn(caller, Bucket)],
        evidence,
        run({ Bucket }) {
          buckets.find(Bucket).settings.delete(name);
          return {};
        },
      }),
    }),
  };
}
