/** Preloaded (`--import`): seeds the mutant whose place in the table stands in CHAOS_MUTANT into the source when it is loaded. */
import { registerHooks } from 'node:module';
import { mutants } from './mutants.ts';

const mutant = mutants[Number(process.env['CHAOS_MUTANT'])];
if (mutant === undefined) throw new Error(`there is no mutant ${process.env['CHAOS_MUTANT'] ?? ''}`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/libs/token-lib/src/${mutant.file}`)) return loaded;
    const { source } = loaded;
    if (source === undefined || source === null) return loaded;
    const sound = typeof source === 'string' ? source : new TextDecoder().decode(source);
    if (sound.split(mutant.from).length !== 2)
      throw new Error(`"${mutant.fault}": its place is not found exactly once in ${mutant.file}`);
    return { ...loaded, source: sound.replace(mutant.from, () => mutant.to) };
  },
});
