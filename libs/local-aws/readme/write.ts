import { readFileSync, writeFileSync } from 'node:fs';
import { createLocalAws } from '../src/local-aws.ts';
import { actionTable, withActionTable } from './action-table.ts';

const readme = new URL('../README.md', import.meta.url);
const aws = createLocalAws();
writeFileSync(readme, withActionTable(readFileSync(readme, 'utf8'), actionTable(aws.services)));
await aws.close();
