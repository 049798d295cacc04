export { bundleFile, zipFolder } from './bundle.ts';
export { callbackRequest, type CallbackRequest } from './callback-request.ts';
export { launchHost, type HostOptions } from './host.ts';
export { drawStateMachine, readmePicture } from './picture.ts';
export { deployPlatform, type Deployment } from './platform.ts';
export { productFolder } from './product-folder.ts';
export { renderTemplate } from './template.ts';
export { names } from './wiring.ts';
export {
  deployWorkflow,
  readWorkflow,
  startWorkflow,
  updateWorkflow,
  type RunningWorkflow,
  type Workflow,
} from './workflow.ts';
