import { describe, expect, it } from 'vitest';
import { lintText, type LintTools } from '../lint-text.ts';

/** What is found, as `machine state rule line:column`. */
const found = (text: string, file = 'template.yaml', tools?: LintTools): readonly string[] => {
  const { findings, problems } = lintText({ file, text }, tools);
  expect(problems).toEqual([]);
  return findings.map(({ file: at, machine, state, rule, start }) =>
    [at === file ? [] : at, machine, state ?? '-', rule, `${start.line}:${start.column}`].flat().join(' '),
  );
};

describe('SAM', () => {
  it('has the definition as an object, with short tags, anchors and merge keys', () => {
    const template = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Type: STANDARD
      Definition:
        StartAt: Good
        States:
          Good: &good
            Type: Task
            Resource: !Sub arn:\${AWS::Partition}:states:::lambda:invoke.waitForTaskToken
            Parameters: &sent
              FunctionName: !GetAtt Worker.Arn
              Payload: { taskToken.$: $$.Task.Token }
            TimeoutSeconds: !Ref Limit
            Next: Merged
          Merged:
            <<: *good
            Next: Bad
          Bad:
            Type: Task
            Resource: arn:aws:states:::lambda:invoke.waitForTaskToken
            Parameters: *sent
            End: true
`;
    const errors = found(template).filter((line) => !line.includes('timeout-not-caught'));
    expect(errors).toEqual(['Machine Bad no-time-limit 23:11']);
  });

  it('has it as JSON in a text with !Sub, at the lines of the template', () => {
    const template = `
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineType: EXPRESS
      DefinitionString: !Sub |
        {
          "StartAt": "Wait",
          "States": {
            "Wait": {
              "Type": "Task",
              "Resource": "arn:\${AWS::Partition}:states:::sqs:sendMessage.waitForTaskToken",
              "Parameters": { "QueueUrl": "\${Queue}", "MessageBody.$": "$$.Task.Token" },
              "TimeoutSeconds": \${Limit},
              "End": true
            }
          }
        }
`;
    expect(found(template)).toEqual(['Machine Wait callback-in-express 13:27']);
  });

  it('fills in substitutions that are written out, in a file beside it', () => {
    const definition = JSON.stringify({
      StartAt: 'Wait',
      States: {
        Wait: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { QueueUrl: '${Queue}', 'MessageBody.$': '$$.Task.Token' },
          TimeoutSeconds: 0,
          HeartbeatSeconds: 60,
          End: true,
        },
      },
    }).replace('"TimeoutSeconds":0', '"TimeoutSeconds":${Limit}');
    const template = (limit: string): string => `
Resources:
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: machines/wait.asl.json
      DefinitionSubstitutions:
        Queue: !Ref Queue
        Limit: ${limit}
`;
    const asked: string[] = [];
    const readBeside: LintTools['readBeside'] = (file, path) => {
      asked.push(`${file} ${path}`);
      return { file: path, bytes: Buffer.from(definition) };
    };
    const errors = (limit: string): readonly string[] =>
      found(template(limit), 'template.yaml', { readBeside }).filter((line) => !line.includes('heartbeat-nobody'));
    expect(errors('30')).toEqual([
      expect.stringMatching(/^machines\/wait\.asl\.json Machine Wait heartbeat-not-shorter/),
    ]);
    expect(errors('600')).toEqual([]);
    expect(errors('!Ref Limit')).toEqual([]);
    expect(asked[0]).toBe('template.yaml machines/wait.asl.json');
  });

  it.each([
    ['DefinitionUri: { Bucket: b, Key: k }', 'it is an object in S3'],
    ['DefinitionUri: s3://bucket/key', 'it is an object in S3, s3://bucket/key'],
    ['DefinitionS3Location: { Bucket: b, Key: k }', 'it is an object in S3'],
    ['DefinitionUri: nowhere.asl.json', 'there is no file nowhere.asl.json beside it'],
    ['DefinitionString: !Ref Text', 'Ref decides it when the template is deployed'],
    [
      'Definition: { "Fn::Transform": { Name: AWS::Include } }',
      'Fn::Transform decides it when the template is deployed',
    ],
    ['Role: none', 'it has no definition'],
  ])('says what it cannot know: %s', (property, reason) => {
    const text = `Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      ${property}\n`;
    const { findings } = lintText({ file: 'template.yaml', text });
    expect(findings).toMatchObject([{ rule: 'definition-unknown', severity: 'note', machine: 'M' }]);
    expect(findings[0]?.message).toBe(`the definition of M is not read: ${reason}`);
  });
});

describe('the CDK', () => {
  it('joins the definition out of texts and references', () => {
    const text = JSON.stringify({
      Resources: {
        Machine5C8E: {
          Type: 'AWS::StepFunctions::StateMachine',
          Properties: {
            DefinitionString: {
              'Fn::Join': [
                '',
                [
                  '{"StartAt":"Wait","States":{"Wait":{"End":true,"Type":"Task","Resource":"arn:',
                  { Ref: 'AWS::Partition' },
                  ':states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"',
                  { 'Fn::GetAtt': ['Worker', 'Arn'] },
                  '","Payload":{"token.$":"$$.Task.Token"}}}}}',
                ],
              ],
            },
          },
        },
      },
    });
    expect(found(text, 'Stack.template.json')).toEqual([
      `Machine5C8E Wait no-time-limit 1:${text.indexOf('\\"Wait\\":{') + 1}`,
    ]);
  });
});
