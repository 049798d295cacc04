import { AwsError } from '../../kernel/aws-error.ts';

/** The refusals of Step Functions, in the words that AWS uses. */
const quoted = (code: string, title: string) => (what: string) => new AwsError(code, `${title}: '${what}'`);

export const activityDoesNotExist = quoted('ActivityDoesNotExist', 'Activity Does Not Exist');
export const executionAlreadyExists = quoted('ExecutionAlreadyExists', 'Execution Already Exists');
export const executionDoesNotExist = quoted('ExecutionDoesNotExist', 'Execution Does Not Exist');
export const executionNotRedrivable = quoted('ExecutionNotRedrivable', 'Execution Not Redrivable');
export const invalidArn = quoted('InvalidArn', 'Invalid Arn');
export const invalidDefinition = quoted('InvalidDefinition', 'Invalid State Machine Definition');
export const invalidExecutionInput = quoted('InvalidExecutionInput', 'Invalid State Machine Execution Input');
export const invalidName = quoted('InvalidName', 'Invalid Name');
export const invalidOutput = quoted('InvalidOutput', 'Invalid Output');
export const invalidToken = quoted('InvalidToken', 'Invalid Token');
export const resourceNotFound = quoted('ResourceNotFound', 'Resource not found');
export const stateMachineAlreadyExists = quoted('StateMachineAlreadyExists', 'State Machine Already Exists');
export const stateMachineDoesNotExist = quoted('StateMachineDoesNotExist', 'State Machine Does Not Exist');
export const taskTimedOut = quoted('TaskTimedOut', 'Task Timed Out');

export const conflict = (message: string) => new AwsError('ConflictException', message);
export const validation = (message: string) => new AwsError('ValidationException', message);
