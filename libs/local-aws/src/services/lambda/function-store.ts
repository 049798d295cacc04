import type { AwsError } from '../../kernel/aws-error.ts';
import type { Caller, World } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { pageOf } from '../../kit/page.ts';
import { inQuery, integer, optional, text } from '../../kit/reader.ts';
import { findVersion, userError, type LambdaFunction, type Version } from './function.ts';
import { functionArn, type Reference } from './reference.ts';

/** How requests name a function, or one of its versions. */
interface Named {
  readonly FunctionName: Reference;
  readonly Qualifier?: string | undefined;
}

export interface Located {
  readonly fn: LambdaFunction;
  readonly version: Version;
  /** A version or an alias; `$LATEST` where the request names none. */
  readonly qualifier: string;
  /** Whether the request names one. */
  readonly qualified: boolean;
}

/** The functions of the account, by name. */
export class FunctionStore {
  readonly world: World;
  readonly all = new Map<string, LambdaFunction>();

  constructor(world: World) {
    this.world = world;
  }

  arn(name: string): string {
    return arnOf(this.world, 'lambda', `function:${name}`);
  }

  /** With or without a qualifier at its end. */
  byArn(arn: string): LambdaFunction | undefined {
    const fn = this.all.get(arn.split(':')[6] ?? '');
    return fn !== undefined && (arn === fn.arn || arn.startsWith(`${fn.arn}:`)) ? fn : undefined;
  }

  /** `qualifier` only appears in the refusal. @throws {AwsError} ResourceNotFoundException */
  find(name: string, qualifier?: string): LambdaFunction {
    const fn = this.all.get(name);
    if (fn !== undefined) return fn;
    const arn = this.arn(name) + (qualifier === undefined ? '' : `:${qualifier}`);
    throw userError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  locate({ FunctionName: reference, Qualifier }: Named): Located {
    const qualifier = Qualifier ?? reference.qualifier;
    const fn = this.find(reference.name, qualifier);
    return {
      fn,
      version: findVersion(fn, qualifier),
      qualifier: qualifier ?? '$LATEST',
      qualified: qualifier !== undefined,
    };
  }
}

/** The ARN that IAM checks where a request may name a version or an alias. */
export function qualifiedArn({ FunctionName, Qualifier }: Named, caller: Caller): string {
  const qualifier = Qualifier ?? FunctionName.qualifier;
  return functionArn(FunctionName, caller) + (qualifier === undefined ? '' : `:${qualifier}`);
}

/** `MaxItems` items from `Marker` on, as every list of Lambda is paged. */
export const pageMembers = {
  Marker: optional(text()),
  MaxItems: optional(inQuery(integer({ min: 1, max: 10_000 }))),
};

/** However many are asked for, a page has at most 50 items. [documented: Lambda API Reference, "ListFunctions"] */
const MAX_PAGE = 50;

export function listOf<T>(
  items: readonly T[],
  { Marker, MaxItems = MAX_PAGE }: { readonly Marker: string | undefined; readonly MaxItems: number | undefined },
  max = MAX_PAGE,
): { readonly items: readonly T[]; readonly rest: { readonly NextMarker?: string } } {
  const refuse = (): AwsError => userError('InvalidParameterValueException', 'Invalid Marker');
  const request = { size: Math.min(MaxItems, max), token: Marker };
  const { items: page, next } = pageOf(items, request, { usual: max, refuse });
  return { items: page, rest: next === undefined ? {} : { NextMarker: next } };
}
