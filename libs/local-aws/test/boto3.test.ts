import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createLocalAws } from '../src/local-aws.ts';

const missing =
  spawnSync('python3', ['-c', 'import boto3']).status === 0 ? '' : ' (skipped: needs boto3: pip install boto3)';

/** Every client checks what it gets: digests, error shapes, bytes, types. */
const script = `
import boto3, json, sys
from botocore.config import Config
sqs, sns, kms = (boto3.client(s, endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='test',
  aws_secret_access_key='test', config=Config(retries={'max_attempts': 1})) for s in ('sqs', 'sns', 'kms'))

def refused(call, **kw):
    try: call(**kw)
    except Exception as e: return type(e).__name__, e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode']

# Queues
jobs = sqs.create_queue(QueueName='jobs', Attributes={'VisibilityTimeout': '5'}, tags={'team': 'a'})['QueueUrl']
attributes = {'text': {'DataType': 'String', 'StringValue': 'x'}, 'bytes': {'DataType': 'Binary', 'BinaryValue': b'\\x00\\xff'}}
sqs.send_message(QueueUrl=jobs, MessageBody='h\\u00e9llo', MessageAttributes=attributes)
[message] = sqs.receive_message(QueueUrl=jobs, MessageAttributeNames=['All'], AttributeNames=['All'], WaitTimeSeconds=1)['Messages']
assert message['Body'] == 'h\\u00e9llo' and message['MessageAttributes'] == attributes, message
sqs.change_message_visibility(QueueUrl=jobs, ReceiptHandle=message['ReceiptHandle'], VisibilityTimeout=0)
[message] = sqs.receive_message(QueueUrl=jobs, AttributeNames=['ApproximateReceiveCount'])['Messages']
assert message['Attributes'] == {'ApproximateReceiveCount': '2'}, message
sqs.delete_message(QueueUrl=jobs, ReceiptHandle=message['ReceiptHandle'])
batch = sqs.send_message_batch(QueueUrl=jobs, Entries=[{'Id': 'a', 'MessageBody': 'a'}, {'Id': 'b', 'MessageBody': 'b', 'DelaySeconds': 1000}])
assert [e['Id'] for e in batch['Successful']] == ['a'] and batch['Failed'][0]['Code'] == 'InvalidParameterValue', batch
assert sqs.list_queue_tags(QueueUrl=jobs)['Tags'] == {'team': 'a'}
assert refused(sqs.get_queue_url, QueueName='none') == ('QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', 400)
assert refused(sqs.create_queue, QueueName='jobs', Attributes={'DelaySeconds': '1'}) == ('QueueNameExists', 'QueueAlreadyExists', 400)
assert refused(sqs.send_message, QueueUrl=jobs, MessageBody='')[1] == 'MissingParameter'
sqs.purge_queue(QueueUrl=jobs)

# Topics
topic = sns.create_topic(Name='news', Attributes={'DisplayName': 'News'}, Tags=[{'Key': 'team', 'Value': 'a'}])['TopicArn']
arn = sqs.get_queue_attributes(QueueUrl=jobs, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
subscription = sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=arn, Attributes={'FilterPolicy': '{"text":["x"]}'})['SubscriptionArn']
sns.set_subscription_attributes(SubscriptionArn=subscription, AttributeName='RawMessageDelivery', AttributeValue='true')
sns.publish(TopicArn=topic, Message='filtered')
sns.publish(TopicArn=topic, Message='m\\u00e9ssage', Subject='s', MessageAttributes=attributes)
[message] = sqs.receive_message(QueueUrl=jobs, MessageAttributeNames=['All'], WaitTimeSeconds=1)['Messages']
assert message['Body'] == 'm\\u00e9ssage' and message['MessageAttributes'] == attributes, message
entries = [{'Id': 'good', 'Message': 'm'}, {'Id': 'bad', 'Message': ''}]
batch = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
assert [e['Id'] for e in batch['Successful']] == ['good'] and batch['Failed'][0]['SenderFault'] is True, batch
assert sns.get_topic_attributes(TopicArn=topic)['Attributes']['SubscriptionsConfirmed'] == '1'
assert sns.get_subscription_attributes(SubscriptionArn=subscription)['Attributes']['RawMessageDelivery'] == 'true'
assert [s['Endpoint'] for s in sns.list_subscriptions_by_topic(TopicArn=topic)['Subscriptions']] == [arn]
assert sns.list_tags_for_resource(ResourceArn=topic)['Tags'] == [{'Key': 'team', 'Value': 'a'}]
sns.untag_resource(ResourceArn=topic, TagKeys=['team'])
assert sns.list_topics()['Topics'] == [{'TopicArn': topic}]
assert refused(sns.publish, TopicArn=topic + 'x', Message='m') == ('NotFoundException', 'NotFound', 404)
assert refused(sns.publish, TopicArn=topic, Message='') == ('InvalidParameterException', 'InvalidParameter', 400)
sns.unsubscribe(SubscriptionArn=subscription)
sns.delete_topic(TopicArn=topic)

# Keys
key = kms.create_key(KeySpec='HMAC_256', KeyUsage='GENERATE_VERIFY_MAC', Tags=[{'TagKey': 'a', 'TagValue': 'b'}])['KeyMetadata']
kms.create_alias(AliasName='alias/links', TargetKeyId=key['KeyId'])
request = {'KeyId': 'alias/links', 'Message': b'\\x00link', 'MacAlgorithm': 'HMAC_SHA_256'}
mac = kms.generate_mac(**request)['Mac']
assert len(mac) == 32 and kms.verify_mac(**request, Mac=mac)['MacValid'] is True
assert refused(kms.verify_mac, **request, Mac=mac[::-1])[:2] == ('KMSInvalidMacException', 'KMSInvalidMacException')
assert kms.describe_key(KeyId='alias/links')['KeyMetadata']['CreationDate'].year >= 2024
secret = kms.create_key()['KeyMetadata']['KeyId']
blob = kms.encrypt(KeyId=secret, Plaintext=b'\\x00secret')['CiphertextBlob']
assert kms.decrypt(CiphertextBlob=blob)['Plaintext'] == b'\\x00secret'
kms.disable_key(KeyId=secret)
assert refused(kms.decrypt, CiphertextBlob=blob)[0] == 'DisabledException'
assert kms.schedule_key_deletion(KeyId=secret, PendingWindowInDays=7)['KeyState'] == 'PendingDeletion'
people = sns.create_topic(Name='people')['TopicArn']
assert sns.subscribe(TopicArn=people, Protocol='email', Endpoint='anna@example.com')['SubscriptionArn'] == 'pending confirmation'
print('done')
`;

test.skipIf(missing)(`boto3 works with queues, topics and keys${missing}`, { timeout: 60_000 }, async () => {
  const aws = createLocalAws();
  onTestFinished(() => aws.close());
  const { stdout } = await promisify(execFile)('python3', ['-c', script, await aws.listen()]);
  expect(stdout).toBe('done\n');
  const { confirmUrl } = aws.sns.outbox[0]!;
  const confirmed = await fetch(confirmUrl!);
  expect(await confirmed.text()).toContain('<SubscriptionArn>arn:aws:sns:us-east-1:123456789012:people:');
});
