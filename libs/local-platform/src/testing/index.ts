export { readmePicture } from '../readme-picture.ts';
export { startExample, type Ended, type Example, type ExampleOptions, type Execution } from './example.ts';
export { openGoldenFile, type GoldenFile } from './golden-file.ts';
export { goldenHistory, type GoldenEvent, type HistoryEvent } from './golden-history.ts';
export { watch, type Watch } from './watch.ts';
