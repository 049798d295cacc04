/** Loads the parser of Terraform's language: tree-sitter's grammar, as WebAssembly. It takes a tenth of a second, so only who needs it loads it. */
import { createRequire } from 'node:module';
import type { Node, Tree } from 'web-tree-sitter';

export type HclNode = Node;

export interface HclParser {
  /** The caller deletes the tree: it lies outside of JavaScript's memory. */
  readonly parse: (text: string) => Tree;
}

export async function loadHclParser(): Promise<HclParser> {
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve(
    '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm',
  );
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return {
    parse(text) {
      const tree = parser.parse(text);
      if (!tree) throw new Error('the parser of HCL has no language');
      return tree;
    },
  };
}
