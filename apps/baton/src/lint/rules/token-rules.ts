import type { Change } from '../change/change.ts';
import { itemsOf, type Leaf, member, membersOf, type Node } from '../json-tree.ts';
import { offers, type State, withAction } from '../machine-states.ts';
import type { Rule } from '../rule.ts';
import { carriersIn, literalTokensIn, mayHoldToken, sentBy, tokensIn } from '../task-token.ts';

const waitsForToken = ({ resource }: State): boolean => resource?.waits === 'token';

const tokenNotPassed: Rule = {
  id: 'token-not-passed',
  severity: 'error',
  finds: 'A `.waitForTaskToken` state that passes its token to nobody',
  why: 'Step Functions accepts the state and waits, but nobody can ever answer it.',
  mend: 'Pass "taskToken.$": "$$.Task.Token" (JSONata: "{% $states.context.Task.Token %}") in what the state sends.',
  check(state) {
    const sent = sentBy(state);
    if (!waitsForToken(state) || carriersIn(state, sent).length > 0 || mayHoldToken(state, sent)) return [];
    // The input may be the context itself: "InputPath": "$$".
    if (carriersIn(state, member(state.node, 'InputPath'), 'InputPath.$').length > 0) return [];
    const [literal] = literalTokensIn(state, sent);
    if (!literal) return [{ at: state.key, message: 'waits for a task token and passes it to nobody' }];
    const { name, node } = literal;
    const mend =
      state.language === 'JSONata'
        ? 'Write it as "{% $states.context.Task.Token %}".'
        : `Name the member "${name}.$", with the path $$.Task.Token.`;
    const changes = passed(state, node, name);
    return [{ at: node, message: `"${name}" is only text here: the token itself is never passed`, mend, changes }];
  },
};

/** Makes the text an expression of the state's language. */
function passed({ language }: State, node: Node, name: string): readonly Change[] {
  if (language === 'JSONata') return [{ kind: 'replace', node, value: '{% $states.context.Task.Token %}' }];
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  const replace = { kind: 'replace', node, value: '$$.Task.Token' } as const;
  return key ? [{ kind: 'rename', key, name: `${name}.$` }, ...(node.value === '$$.Task.Token' ? [] : [replace])] : [];
}

const tokenWithoutWait: Rule = {
  id: 'token-without-wait',
  severity: 'error',
  finds: 'A task that passes the task token without `.waitForTaskToken`',
  why: 'Only a waiting task has a token: the path is missing at run time, and the workflow does not wait for the worker.',
  mend: 'Append .waitForTaskToken to the Resource; a function by its own ARN becomes arn:aws:states:::lambda:invoke.waitForTaskToken with FunctionName.',
  check(state) {
    const { resource } = state;
    // The job of a .sync task may use the task's token as well.
    if (state.type !== 'Task' || !resource || resource.waits || resource.sync || resource.unfinished) return [];
    const message = 'passes a task token, and does not wait for it';
    // One cause, however often the token is passed.
    const [first] = tokensIn(state, sentBy(state));
    const waits = resource.action !== undefined && offers(resource.action).withToken;
    const value = waits ? withAction(state, (action) => `${action}.waitForTaskToken`) : undefined;
    const changes = value ? { changes: [{ kind: 'replace', node: resource.node, value } as const] } : {};
    return first ? [{ at: first.node, message, ...changes }] : [];
  },
};

/** The members that become output or variables. In a state that is not a task, that includes its input and parameters. */
function outputsOf(state: State): readonly Leaf[] {
  const { node, type } = state;
  const tokens = (of: Node, names: readonly string[], mark = ''): readonly Leaf[] =>
    names.flatMap((name) => tokensIn(state, member(of, name), `${name}${mark}`));
  const inner = ['Catch', 'Choices'].flatMap((list) => itemsOf(member(node, list)));
  const task = type === 'Task';
  return [
    ...tokens(node, [
      'ResultSelector',
      'Output',
      'Assign',
      ...(task ? [] : ['Parameters', 'ItemSelector', 'Arguments']),
    ]),
    ...tokens(node, ['OutputPath', ...(task ? [] : ['InputPath'])], '.$'),
    ...inner.flatMap((each) => tokens(each, ['Output', 'Assign'])),
  ];
}

const tokenInOutput: Rule = {
  id: 'token-in-output',
  severity: 'error',
  finds:
    "The task token in a state's output or a variable: ResultSelector, Output, OutputPath, Assign, a Pass state's Parameters",
  why: 'From there it flows into later states, their logs and the history, where whoever reads them can answer the task.',
  mend: 'Leave the token out. To find the work again, pass an id of your own, or the execution and the state.',
  check: (state) =>
    outputsOf(state).map(({ node }) => ({ at: node, message: 'the task token becomes part of the output' })),
};

const tokenInSsm: Rule = {
  id: 'token-in-ssm',
  severity: 'error',
  finds: 'The task token in an SSM command, automation or parameter (`aws-sdk:ssm:sendCommand`, ...)',
  why: 'SSM keeps the parameters in its command history, in CloudTrail and in events: whoever may read those can answer the task.',
  mend: 'Send an id instead, and let the host exchange it: dispatch the work with Baton (work kind ssm), or keep the token in a table that only the host may read.',
  check(state) {
    if (!state.resource?.action?.startsWith('aws-sdk:ssm:')) return [];
    return carriersIn(state, sentBy(state)).map(({ node }) => ({
      at: node,
      message: 'the task token is written into SSM',
    }));
  },
};

const tokenInUrl: Rule = {
  id: 'token-in-url',
  severity: 'error',
  finds: 'The task token in the path or the query of an HTTP request (`apigateway:invoke`)',
  why: 'Access logs of gateways, proxies and servers keep addresses; and an unescaped + of a token arrives as a blank.',
  mend: 'Put the token into RequestBody.',
  check(state) {
    if (state.resource?.action !== 'apigateway:invoke') return [];
    const parts = membersOf(sentBy(state)).filter(({ name }) => /^(?:Path|QueryParameters)(?:\.\$)?$/.test(name));
    return parts.flatMap(({ name, value }) =>
      carriersIn(state, value, name).map(({ node }) => ({ at: node, message: 'the task token is part of an address' })),
    );
  },
};

const tokenInLog: Rule = {
  id: 'token-in-log',
  severity: 'error',
  finds: 'A machine that logs execution data at level ALL and passes task tokens (in plans)',
  why: 'The log shows the parameters of every task, with the token in clear, to whoever may read the log group.',
  mend: 'Set include_execution_data to false, or level to ERROR.',
  check(state) {
    if (!waitsForToken(state) || !state.document.logsParameters) return [];
    return carriersIn(state, sentBy(state)).map(({ node }) => ({
      at: node,
      message: "the task token is written into the machine's log",
    }));
  },
};

const callbackInExpress: Rule = {
  id: 'callback-in-express',
  severity: 'error',
  finds: 'A waiting state in an Express machine, or in a distributed Map with Express executions',
  why: 'Express executions cannot wait for a callback: Step Functions refuses the definition.',
  mend: 'Use a STANDARD machine, or start one from here and let it wait.',
  check: ({ resource, express }) =>
    resource?.waits && express ? [{ at: resource.node, message: 'waits in an Express execution' }] : [],
};

const callbackUnsupported: Rule = {
  id: 'callback-unsupported',
  severity: 'error',
  finds:
    '`.waitForTaskToken` on an integration without it (DynamoDB, Batch, Glue, Athena, CodeBuild, EMR, SageMaker, MediaConvert, a function by its own ARN)',
  why: 'Step Functions refuses the definition: the integration has no place for the token.',
  mend: 'Use the SDK integration (arn:aws:states:::aws-sdk:SERVICE:ACTION.waitForTaskToken) where a parameter can carry the token, or .sync to wait for a job itself.',
  check({ resource }) {
    if (resource?.waits !== 'token') return [];
    const { action, node } = resource;
    if (action === undefined) {
      const mend = 'Use arn:aws:states:::lambda:invoke.waitForTaskToken with the function as FunctionName.';
      return /:function:/.test(resource.text)
        ? [{ at: node, message: "a function's own ARN cannot wait for a token", mend }]
        : [];
    }
    const { alone, withToken } = offers(action);
    return alone && !withToken ? [{ at: node, message: `${action} cannot wait for a token` }] : [];
  },
};

export const tokenRules: readonly Rule[] = [
  ...[tokenNotPassed, tokenWithoutWait, tokenInOutput, tokenInSsm, tokenInUrl, tokenInLog],
  ...[callbackInExpress, callbackUnsupported],
];
