/** Finds where a definition refers to the task token: `$$.Task.Token` in JSONPath, `$states.context.Task.Token` in JSONata. */
import { leavesOf, type Leaf, member, type Node, objectsIn, textOf } from './json-tree.ts';
import type { State } from './machine-states.ts';

/** The token by its name. */
const NAMED = {
  JSONPath: /\$\$(?:\.Task|\[['"]Task['"]\])(?:\.Token\b|\[['"]Token['"]\])/,
  JSONata: /\$states\s*\.\s*[`'"]?context[`'"]?\s*\.\s*[`'"]?Task[`'"]?\s*\.\s*[`'"]?Token\b/,
};

/** An object that contains the token, whole or by a search: `$$.Task`, `$$`, `$$.*`, `$states.context`, `$states.context.**.Token`. */
const WHOLE = {
  JSONPath: /\$\$(?:\.Task|\[['"]Task['"]\])?(?:(?![\w.[])|\.\.|\.\*|\[\*\])/,
  JSONata: /\$states\s*(?:\.\s*[`'"]?context[`'"]?\s*(?:\.\s*[`'"]?Task[`'"]?\s*)?)?(?:(?![\w`'"\s.])|\.\s*\*)/,
};

const EXPRESSION = /^\{%[\s\S]*%\}$/;

/** @returns the members that are evaluated to the token */
export const tokensIn = (state: State, node: Node | undefined, name = ''): readonly Leaf[] =>
  leavesOf(node, name).filter((leaf) => NAMED[state.language].test(evaluated(state, leaf) ?? ''));

/** @returns the members that pass the token on, by its name or within a whole object */
export const carriersIn = (state: State, node: Node | undefined, name = ''): readonly Leaf[] =>
  leavesOf(node, name).filter((leaf) => {
    const text = evaluated(state, leaf) ?? '';
    return NAMED[state.language].test(text) || WHOLE[state.language].test(text);
  });

/** @returns members that look like the token but are plain text: `"taskToken": "$$.Task.Token"` without `.$`, or in the other query language */
export const literalTokensIn = (state: State, node: Node | undefined): readonly Leaf[] =>
  leavesOf(node).filter(
    (leaf) =>
      evaluated(state, leaf) === undefined &&
      /^\$\$\.Task\.Token$|^\s*(?:\{%)?\s*\$states\.context\.Task\.Token\s*(?:%\})?\s*$/.test(textOf(leaf.node) ?? ''),
  );

/** Whether a placeholder could contain the token: that depends on what Terraform fills in. */
export const mayHoldToken = (state: State, node: Node | undefined): boolean =>
  [state.node, ...objectsIn(node)].some((object) => state.document.isOpen(object)) ||
  leavesOf(node).some((leaf) => {
    if (!state.document.isTemplated(leaf.node)) return false;
    if (leaf.node.type === 'number') return !COUNTED.test(leaf.name);
    return evaluated(state, leaf) !== undefined;
  });

/** Members whose unquoted placeholder is a number, not an object. */
const COUNTED = /(?:seconds|count|size|limit|number|port|percentage|max\w*|min\w*)$/i;

/** @returns the parameters or arguments of a task */
export const sentBy = ({ node, language }: State): Node | undefined =>
  member(node, language === 'JSONata' ? 'Arguments' : 'Parameters');

/** @returns the expression in the member; undefined for a constant */
function evaluated({ language }: State, { name, node }: Leaf): string | undefined {
  const text = textOf(node);
  const dynamic = language === 'JSONata' ? text !== undefined && EXPRESSION.test(text) : name.endsWith('.$');
  return dynamic ? text : undefined;
}
