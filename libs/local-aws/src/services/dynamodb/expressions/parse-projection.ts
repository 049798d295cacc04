import type { Path } from './syntax.ts';
import { createTokens, parsePath } from './tokens.ts';

/** Parses the text of a ProjectionExpression. @throws {ExpressionProblem} */
export function parseProjection(expression: string): Path[] {
  const tokens = createTokens(expression);
  const paths = [parsePath(tokens)];
  while (tokens.take(',')) paths.push(parsePath(tokens));
  if (!tokens.isEnd()) throw tokens.unexpected();
  return paths;
}
