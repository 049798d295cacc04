import { parseResource } from '@baton/asl';
import { Copied } from './change/change.ts';
import { copyValue } from './change/copy.ts';
import type { Document } from './document.ts';
import { itemsOf, member, membersOf, type Node, textOf } from './json-tree.ts';

/** A state at any depth, with what the states and the machine around it decide for it. */
export interface State {
  readonly document: Document;
  readonly name: string;
  readonly key: Node;
  readonly node: Node;
  /** The Parallel or Map state around it. */
  readonly parent: State | undefined;
  readonly type: string | undefined;
  readonly language: 'JSONPath' | 'JSONata';
  /** Whether it runs in an Express execution; undefined when unknown. */
  readonly express: boolean | undefined;
  readonly resource: Resource | undefined;
}

export interface Resource {
  readonly node: Node;
  readonly text: string;
  /** `sqs:sendMessage`, without the pattern; undefined for a function's or an activity's own ARN. */
  readonly action: string | undefined;
  /** How somebody else ends the task: with its token, or as the activity's worker. */
  readonly waits: 'token' | 'activity' | undefined;
  readonly sync: boolean;
  /** Whether it ends in a placeholder, which may contain the pattern. */
  readonly unfinished: boolean;
}

/** @returns every state of a definition, in the order of the text; anything else is skipped */
export function statesOf(document: Document): readonly State[] {
  const language = textOf(member(document.root, 'QueryLanguage')) === 'JSONata' ? 'JSONata' : 'JSONPath';
  const express = document.type === undefined ? undefined : document.type === 'EXPRESS';
  return statesIn(document.root, { document, language, express, parent: undefined });
}

type Around = Pick<State, 'document' | 'language' | 'express' | 'parent'>;

function statesIn(flow: Node | undefined, around: Around): readonly State[] {
  const { document } = around;
  return membersOf(member(flow, 'States')).flatMap(({ name, key, value: node }) => {
    if (node.type !== 'object') return [];
    const ownLanguage = textOf(member(node, 'QueryLanguage'));
    const state: State = {
      ...around,
      ...{ name: document.isTemplated(key) ? textIn(document.source(key)) : name, key, node },
      type: textOf(member(node, 'Type')),
      language: ownLanguage === 'JSONata' || ownLanguage === 'JSONPath' ? ownLanguage : around.language,
      resource: readResource(document, member(node, 'Resource')),
    };
    return [state, ...innerFlows(state).flatMap((flow) => statesIn(flow, innerAround(state, flow, around)))];
  });
}

function innerFlows({ node }: State): readonly Node[] {
  const processors = [member(node, 'ItemProcessor'), member(node, 'Iterator')];
  return [...itemsOf(member(node, 'Branches')), ...processors.filter((each) => each !== undefined)];
}

/** A distributed Map says itself of which type its child executions are. */
function innerAround(parent: State, flow: Node, around: Around): Around {
  const type = textOf(member(flow, 'ProcessorConfig', 'ExecutionType'));
  const distributed = textOf(member(flow, 'ProcessorConfig', 'Mode')) === 'DISTRIBUTED' && type !== undefined;
  return { ...around, parent, express: distributed ? type === 'EXPRESS' : around.express };
}

/** The text of a name as the template has it, without quotes. */
const textIn = (source: string): string => source.replaceAll(/^"|"$/g, '');

function readResource(document: Document, node: Node | undefined): Resource | undefined {
  const text = textOf(node);
  if (!node || text === undefined) return undefined;
  const [, rest] = /:states:[^:]*:[^:]*:(.+)$/.exec(text) ?? [];
  const [, pattern] = /\.(waitForTaskToken|sync|sync:2)$/.exec(text) ?? [];
  const activity = rest?.startsWith('activity:') ?? false;
  const own = activity || rest === undefined;
  return {
    node,
    text,
    action: own ? undefined : rest.slice(0, pattern === undefined ? undefined : -(pattern.length + 1)),
    waits: pattern === 'waitForTaskToken' ? 'token' : activity ? 'activity' : undefined,
    sync: pattern?.startsWith('sync') ?? false,
    unfinished: document.isTemplated(node) && textIn(document.source(node)).endsWith('}'),
  };
}

/** Whether Step Functions offers the integration, alone and with a token. */
export function offers(action: string): { readonly alone: boolean; readonly withToken: boolean } {
  const arn = `arn:aws:states:::${action}`;
  return { alone: parseResource(arn) !== undefined, withToken: parseResource(`${arn}.waitForTaskToken`) !== undefined };
}

/** @returns the Resource as the file has it, functions and placeholders included, with another action; undefined where it is made of pieces */
export function withAction({ document, resource }: State, change: (action: string) => string): Copied | undefined {
  if (!resource) return undefined;
  const [written = ''] = copyValue(document, resource.node).parts;
  const action = /(?<=:states:::)[\w:.-]+/;
  return action.test(written) ? new Copied('value', [written.replace(action, change)]) : undefined;
}
