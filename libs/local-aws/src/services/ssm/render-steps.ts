import type { Json } from '../../kernel/service.ts';
import { REFERENCE, type DocumentContent, type DocumentParameter, type DocumentStep } from './document-content.ts';
import type { ParameterValues } from './parameter-values.ts';

/** A step with nothing left to fill in. */
export type RenderedStep = {
  readonly name: string;
  /** False where the step's precondition asks for another platform. */
  readonly applies: boolean;
  readonly timeoutSeconds: number;
  readonly onFailure?: 'exit' | 'successAndExit';
} & (
  | { readonly kind: 'script'; readonly script: string; readonly workingDirectory: string }
  | { readonly kind: 'download'; readonly sourceInfo: string; readonly destinationPath: string }
);

export interface RenderedDocument {
  readonly steps: readonly RenderedStep[];
  /** SSM_name of every parameter with the interpolation type ENV_VAR. */
  readonly environment: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_SECONDS = 3600;
const MIN_TIMEOUT_SECONDS = 5;
const MAX_TIMEOUT_SECONDS = 172_800;

/** Returns what a host is sent: the document with the values in it. */
export function renderDocument({ mainSteps, parameters }: DocumentContent, values: ParameterValues): RenderedDocument {
  const inScript = (name: string): Json =>
    parameters[name]?.interpolationType === 'ENV_VAR' ? `\${SSM_${name}}` : (values[name] ?? '');
  const inSetting = (name: string): Json => values[name] ?? '';

  const what = ({ action, inputs }: DocumentStep) =>
    action === 'aws:downloadContent'
      ? ({
          kind: 'download',
          sourceInfo: text(fill(inputs.sourceInfo ?? '', inSetting)),
          destinationPath: text(fill(inputs.destinationPath ?? '', inSetting)),
        } as const)
      : ({
          kind: 'script',
          script: `${lines(fill(inputs.runCommand ?? [], inScript)).join('\n')}\n`,
          workingDirectory: text(fill(inputs.workingDirectory ?? '', inSetting)),
        } as const);

  return {
    steps: mainSteps.map((step) => ({
      ...what(step),
      name: step.name,
      applies: isForHere(step.precondition?.StringEquals),
      timeoutSeconds: executionTimeout(fill(step.inputs.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS, inSetting)),
      ...(step.onFailure !== undefined && { onFailure: step.onFailure }),
    })),
    environment: Object.fromEntries(
      Object.entries(parameters)
        .filter(([, parameter]: [string, DocumentParameter]) => parameter.interpolationType === 'ENV_VAR')
        .map(([name]) => [`SSM_${name}`, text(values[name] ?? '')]),
    ),
  };
}

/** Hosts here are Linux, as far as documents can tell. */
const isForHere = ([variable, platform]: readonly string[] = []): boolean =>
  variable !== 'platformType' || platform === 'Linux';

/** A string that is one reference and nothing else becomes the value itself; within text it becomes text. */
function fill(template: Json, valueOf: (name: string) => Json): Json {
  if (Array.isArray(template)) return template.map((item) => fill(item, valueOf));
  if (typeof template !== 'string') return template;
  const [whole] = template.matchAll(REFERENCE);
  if (whole?.[1] !== undefined && whole[0] === template.trim()) return valueOf(whole[1]);
  return template.replace(REFERENCE, (_, name: string) => text(valueOf(name)));
}

const text = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

const lines = (value: Json): string[] => (Array.isArray(value) ? value.flatMap(lines) : [text(value)]);

/** Returns seconds. The agent silently uses its default for what it cannot use. [documented: source of amazon-ssm-agent] */
export function executionTimeout(value: Json): number {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Math.trunc(Number(value)) : value;
  const usable = typeof seconds === 'number' && seconds >= MIN_TIMEOUT_SECONDS && seconds <= MAX_TIMEOUT_SECONDS;
  return usable ? seconds : DEFAULT_TIMEOUT_SECONDS;
}
