/** What the local platform's parts are called. */
export const names = {
  table: 'baton-callbacks',
  runDocument: 'baton-run-job',
  api: 'baton',
  hostRole: 'baton-host',
  workerRole: 'baton-worker',
  linkKeyAlias: 'alias/baton-links',
  noticeTopic: 'baton-notices',
  queue: (name: string) => `baton-${name}`,
  function: (name: string) => `baton-${name}`,
  role: (name: string) => `baton-${name}`,
} as const;
