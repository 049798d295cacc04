export { bundleFile } from './bundle.ts';
export { deployPlatform, names, type Deployment } from './deploy.ts';
export { doorRequest, type DoorRequest } from './door-request.ts';
export { launchHost, type HostOptions } from './host.ts';
export { drawStateMachine } from './picture.ts';
export { readmePicture } from './readme-picture.ts';
export { startServers, type Servers } from './servers.ts';
export { renderTemplate } from './template.ts';
export { deployWorkflow, readWorkflow, type Workflow } from './workflow.ts';
