import type { JsonObject } from '../../kernel/service.ts';
import type { MessageAttributes } from '../../kit/message-attributes.ts';
import type { Signer } from './signature.ts';

/** Where subscribers find this SNS over HTTP. */
export interface Links {
  readonly certificate: string;
  confirm(topicArn: string, token: string): string;
  unsubscribe(subscriptionArn: string): string;
}

export interface EnvelopeMaker {
  readonly links: Links;
  readonly signer: Signer;
  /** `1` or `2`, an attribute of the topic. */
  readonly signatureVersion: string;
}

/** A published message on its way to one subscription. */
export interface Delivered {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly timestamp: string;
  readonly attributes: MessageAttributes;
  readonly sequenceNumber: string | undefined;
}

/** The envelope of a notification: the body for queues and HTTP endpoints without raw delivery. */
export function notificationEnvelope(maker: EnvelopeMaker, delivered: Delivered): JsonObject {
  const envelope = {
    Type: 'Notification',
    MessageId: delivered.messageId,
    ...(delivered.sequenceNumber !== undefined && { SequenceNumber: delivered.sequenceNumber }),
    TopicArn: delivered.topicArn,
    ...(delivered.subject !== undefined && { Subject: delivered.subject }),
    Message: delivered.message,
    Timestamp: delivered.timestamp,
  };
  const attributes = attributeShapes(delivered.attributes);
  return {
    ...signed(maker, envelope),
    UnsubscribeURL: maker.links.unsubscribe(delivered.subscriptionArn),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
  };
}

/** The event for a Lambda function: two members are spelled differently, and none is left out. */
export function lambdaEvent(maker: EnvelopeMaker, delivered: Delivered): JsonObject {
  const { SigningCertURL, UnsubscribeURL, ...envelope } = notificationEnvelope(maker, delivered);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: delivered.subscriptionArn,
        Sns: {
          ...envelope,
          Subject: delivered.subject ?? null,
          SigningCertUrl: SigningCertURL,
          UnsubscribeUrl: UnsubscribeURL,
          MessageAttributes: attributeShapes(delivered.attributes),
        },
      },
    ],
  };
}

/** For an endpoint that has to confirm. */
export function confirmationEnvelope(
  maker: EnvelopeMaker,
  request: { messageId: string; token: string; topicArn: string; timestamp: string },
): JsonObject {
  return signed(maker, {
    Type: 'SubscriptionConfirmation',
    MessageId: request.messageId,
    Token: request.token,
    TopicArn: request.topicArn,
    Message:
      `You have chosen to subscribe to the topic ${request.topicArn}.\n` +
      'To confirm the subscription, visit the SubscribeURL included in this message.',
    SubscribeURL: maker.links.confirm(request.topicArn, request.token),
    Timestamp: request.timestamp,
  });
}

const signed = ({ links, signer, signatureVersion }: EnvelopeMaker, envelope: JsonObject): JsonObject => ({
  ...envelope,
  SignatureVersion: signatureVersion,
  Signature: signer.sign(envelope, signatureVersion),
  SigningCertURL: links.certificate,
});

const attributeShapes = (attributes: MessageAttributes): JsonObject =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue },
    ]),
  );
