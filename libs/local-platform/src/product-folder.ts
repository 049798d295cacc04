import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WIRING = 'terraform/modules/platform/wiring';

/**
 * The folder in which `terraform/`, `apps/` and `examples/` lie: the repository, or the installed package of the command line, which carries
 * them at the same places.
 */
export const productFolder: string = above(dirname(fileURLToPath(import.meta.url)));

function above(folder: string): string {
  if (existsSync(join(folder, WIRING))) return folder;
  if (dirname(folder) === folder) throw new Error(`there is no ${WIRING} above ${import.meta.url}`);
  return above(dirname(folder));
}
