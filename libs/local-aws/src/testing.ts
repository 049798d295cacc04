import { strToU8, zipSync } from 'fflate';
import type { LocalAws } from './local-aws.ts';
import type { JsonObject } from './kernel/service.ts';

/** Makes a function of the body of its handler's module and answers its ARN. */
export async function createFunction(
  aws: LocalAws,
  name: string,
  source: string,
  settings: JsonObject = {},
): Promise<string> {
  const { FunctionArn } = await aws.call('lambda:CreateFunction', {
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Role: 'arn:aws:iam::123456789012:role/functions',
    Handler: 'handler.handler',
    Code: { ZipFile: zipSync({ 'handler.mjs': strToU8(source) }) },
    Timeout: 10,
    ...settings,
  });
  return String(FunctionArn);
}

/** Invokes and reads the payload. */
export async function invokeFunction(
  aws: LocalAws,
  name: string,
  event: unknown = {},
): Promise<{ payload: unknown; functionError: unknown }> {
  const answer = await aws.call('lambda:Invoke', { FunctionName: name, Payload: JSON.stringify(event) });
  const payload: unknown = JSON.parse(Buffer.from(answer['Payload'] as Uint8Array).toString('utf8'));
  return { payload, functionError: answer['FunctionError'] };
}
