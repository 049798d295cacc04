import * as z from 'zod/mini';

/** SSM's own limit of an executionTimeout: 48 hours. */
export const MAX_SSM_TIMEOUT_SECONDS = 172_800;

const text = z.string().check(z.minLength(1));

/** A process on an EC2 host, started by SSM Run Command. */
export const SsmWork = z
  .strictObject({
    kind: z.literal('ssm'),
    instanceId: z
      .string()
      .check(z.regex(/^m?i-[0-9a-zA-Z]{1,40}$/, { error: 'must be an instance id, e.g. i-0123456789abcdef0' })),
    /** argv, run without a shell. */
    command: z.optional(z.array(z.string()).check(z.minLength(1))),
    /** A script for `sh -c`, for who asks for a shell. */
    shell: z.optional(text),
    workingDirectory: z.optional(text),
    environment: z.optional(z.record(z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/)), z.string())),
    /** The state's TimeoutSeconds. */
    timeoutSeconds: z.number().check(
      z.int(),
      z.gte(1),
      z.lte(MAX_SSM_TIMEOUT_SECONDS, {
        error: `SSM runs a command for ${MAX_SSM_TIMEOUT_SECONDS} seconds (48 hours) at most`,
      }),
    ),
    /** The state's HeartbeatSeconds. */
    heartbeatSeconds: z.number().check(z.int(), z.gte(1)),
  })
  .check(
    z.refine((work) => (work.command === undefined) !== (work.shell === undefined), {
      error: 'needs exactly one of command (a list: program and arguments) and shell (a script)',
    }),
    z.refine((work) => work.heartbeatSeconds < work.timeoutSeconds, {
      error: 'heartbeatSeconds must be smaller than timeoutSeconds, as in the state',
      path: ['heartbeatSeconds'],
    }),
  );
export type SsmWork = z.infer<typeof SsmWork>;
