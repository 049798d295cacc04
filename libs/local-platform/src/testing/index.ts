export { readmePicture } from '../picture.ts';
export { startExample, type Example, type ExampleOptions, type Execution } from './example.ts';
export { dispatching, type Ended } from './executions.ts';
export { openGoldenFile, type GoldenFile } from './golden-file.ts';
export { goldenHistory, type GoldenEvent, type HistoryEvent } from './golden-history.ts';
export { startJobPlatform, type JobPlatform, type JobPlatformOptions } from './jobs.ts';
export { startPlatform, type PlatformOptions, type TestPlatform } from './platform.ts';
export { watch, type Watch } from './watch.ts';
export { startServers, type Servers, type ServersOf } from '../servers.ts';
