/** The handle is opaque to clients; it names the queue, the message and the receipt. */
export function receiptHandle(queueArn: string, messageId: string, receiveCount: number): string {
  return Buffer.from(`${queueArn} ${messageId} ${receiveCount}`).toString('base64');
}

export interface Receipt {
  readonly queueArn: string;
  readonly messageId: string;
  readonly receiveCount: number;
}

export function parseReceiptHandle(handle: string): Receipt | undefined {
  const [queueArn, messageId, count, ...rest] = Buffer.from(handle, 'base64').toString().split(' ');
  if (!queueArn || !messageId || !/^\d+$/.test(count ?? '') || rest.length > 0) return undefined;
  return { queueArn, messageId, receiveCount: Number(count) };
}
