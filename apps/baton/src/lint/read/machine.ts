import type { MachineType, Origin } from '../document.ts';
import type { SourceFile } from './source-file.ts';
import type { Span } from './source-value.ts';

/** A state machine as a file declares it. */
export type Machine = { readonly kind: 'known'; readonly origin: Origin } | UnknownMachine | MachineElsewhere;

/** Nobody knows its definition before it is deployed, or it is where lint does not look. */
export interface UnknownMachine {
  readonly kind: 'unknown';
  readonly file: string;
  readonly machine: string;
  readonly at: Span;
  readonly reason: string;
  /** Whether only a part of it is unknown. */
  readonly part?: boolean;
}

/** Its definition is a file of its own, at a path from the folder of this one. */
export interface MachineElsewhere {
  readonly kind: 'elsewhere';
  readonly terms: MachineTerms;
  readonly at: Span;
  readonly path: string;
  /** What the declaration fills in for placeholders. */
  readonly values: ReadonlyMap<string, string>;
}

/** What a declaration says of a machine beside its definition. */
export interface MachineTerms {
  readonly file: string;
  readonly machine: string;
  readonly type?: MachineType | undefined;
  /** Whether it logs the parameters of its tasks. */
  readonly logsParameters?: boolean;
}

/** Everything that lint reads of a file. */
export interface Reading {
  readonly form: Form;
  readonly source: SourceFile;
  readonly machines: readonly Machine[];
}

export type Form = 'ASL' | 'CloudFormation' | 'Serverless Framework' | 'Terraform' | 'Terraform plan';

export const machineTypeOf = (value: string | undefined): MachineType | undefined =>
  value === 'STANDARD' || value === 'EXPRESS' ? value : undefined;

export const unknownMachine = ({ file, machine }: MachineTerms, at: Span, reason: string): UnknownMachine => ({
  ...{ kind: 'unknown', file, machine, at, reason },
});
