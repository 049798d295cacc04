export { AwsError } from './aws-error.ts';
export { createActivity, type Activity } from './clock/activity.ts';
export type { Clock, Millis, Timer } from './clock/clock.ts';
export { createManualClock, type ManualClock } from './clock/manual-clock.ts';
export { createRealClock } from './clock/real-clock.ts';
export type { Credentials, IssueRequest, Principal, TemporaryPrincipal } from './credentials/credentials.ts';
export { createLocalAws, type LocalAws, type LocalAwsOptions } from './local-aws.ts';
export type { HttpAnswer, HttpRequest } from './protocols/http.ts';
export type { Action, Caller, Json, JsonObject, Service, ServiceEvent, ServiceId, World } from './service.ts';
