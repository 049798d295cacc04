import { Command, CommanderError, Option } from 'commander';
import type { AdoptCommandOptions } from './commands/adopt.ts';
import type { IncidentsOptions } from './commands/incidents.ts';
import type { LintOptions } from './commands/lint.ts';
import type { InitOptions } from './commands/init.ts';
import type { ConsoleOptions } from './commands/console.ts';
import type { LocalOptions } from './commands/local.ts';
import type { PictureOptions } from './commands/examples.ts';
import type { RunOptions } from './commands/run.ts';
import { version } from './package-scope.ts';
import { CliError, terminal } from './terminal.ts';
import { exitOnLostPeers } from './interruption.ts';

const iam = new Option(
  '--iam <on|off>',
  'whether roles need leave by their policies; unknown keys are root, who needs none',
)
  .choices(['on', 'off'])
  .default('on');

// A command's modules are loaded when it is called: lint does not wait for the local AWS.
const program = new Command('baton')
  .description('Hands Step Functions task tokens to long work, and brings exactly one outcome back.')
  .version(version)
  .showHelpAfterError('(baton --help lists the commands)')
  .configureOutput({ writeErr: (text) => terminal.error(text.replace(/\n$/, '')) })
  .exitOverride();

program
  .command('run')
  .description('run a workflow whole, on a local AWS, and show it happening')
  .argument('<folder>', 'folder of the workflow, or the name of an example, e.g. ec2-job')
  .option('--input <json>', "input of the execution: JSON, or a file of it (default: the folder's input.json)")
  .option(
    '--command <command>',
    "run this command line on the host, in your own folder, instead of the input's command",
  )
  .option('--folder <folder>', 'the folder in which the host runs its jobs')
  .option('--fail', 'let the process fail')
  .option('--lose-host', 'terminate the host while the process runs')
  .option('--terraform', 'have Terraform deploy it into the local AWS, and destroy it after (a job on one host)')
  .option('--decide <decision>', 'approve or deny what people are asked, without a person (in a pipe: approve)')
  .addOption(iam)
  .option('--json', 'print one JSON object a line, and the result last')
  .action(async (example: string, options: RunOptions) => {
    const { runExample } = await import('./commands/run.ts');
    process.exitCode = await runExample(example, options, terminal);
  });

program
  .command('init')
  .description('write a small project: workflow, worker, test, deployment; it runs and passes at once')
  .argument('[folder]', 'where', '.')
  .addOption(
    new Option('--kind <kind>', 'who does the work')
      .choices(['queue', 'host', 'approval', 'lambda', 'webhook'])
      .default('queue'),
  )
  .action(async (folder: string, options: InitOptions) => {
    const { runInit } = await import('./commands/init.ts');
    runInit(folder, options, terminal);
  });

program
  .command('bundle')
  .description("write a workflow's functions as Terraform deploys them: dist/main.mjs and dist/code.zip")
  .argument('<folder>', 'folder of the workflow')
  .action(async (folder: string) => {
    const { runBundle } = await import('./commands/bundle.ts');
    await runBundle(folder, terminal);
  });

program
  .command('examples')
  .description('list the examples, with one line each')
  .action(async () => {
    const { listExamples } = await import('./commands/examples.ts');
    listExamples(terminal);
  });

program
  .command('picture')
  .description("draw an example's state machine, in Mermaid")
  .argument('<folder...>', 'folders of examples')
  .option('--write', "put the pictures into the examples' READMEs")
  .action(async (folders: string[], options: PictureOptions) => {
    const { runPicture } = await import('./commands/examples.ts');
    runPicture(folders, options, terminal);
  });

program
  .command('local')
  .description('keep a local AWS running, with Baton and workflows deployed, until Ctrl-C')
  .argument('[folder...]', 'folders of workflows (default: the examples)')
  .option('--port <port>', 'port on 127.0.0.1', '4577')
  .option('--bare', 'the local AWS alone, empty')
  .option('--keep <folder>', 'bring tables with their items and state machines over a restart')
  .option(
    '--watch',
    'deploy a workflow anew when a file of its folder changes; executions in flight go on as they began',
  )
  .option('--retain <number>', 'closed executions, ended commands and mails that are kept whole', '1000')
  .option('--unkind [seed]', 'be late, throttle and break connections as AWS does at times, as the seed will have it')
  .addOption(iam)
  .action(async (folders: string[], options: LocalOptions) => {
    const { runLocal } = await import('./commands/local.ts');
    await runLocal(folders, options, terminal);
  });

program
  .command('console')
  .description('serve the web console on this machine, against AWS with your own credentials, until Ctrl-C')
  .option('--port <port>', 'port on 127.0.0.1; 0 for a free one', '0')
  .option('--table <name>', "the platform's table", 'baton-callbacks')
  .option('--region <region>', 'AWS region (default: as the AWS CLI finds it)')
  .option('--profile <name>', 'profile of the AWS configuration')
  .option('--endpoint <url>', 'another endpoint than AWS (default: AWS_ENDPOINT_URL)')
  .option('--as <name>', 'who you are, for the records (default: your user at this machine)')
  .option('--read-only', 'refuse every change')
  .action(async (options: ConsoleOptions) => {
    const { runConsole } = await import('./commands/console.ts');
    await runConsole(options, terminal);
  });

program
  .command('lint')
  .description('find in state machine definitions what makes callbacks hang, run twice or leak')
  .argument(
    '<path...>',
    'definitions, templates that declare state machines, folders of them, or "terraform show -json" of a plan; - reads stdin',
  )
  .option('--type <type>', 'STANDARD or EXPRESS: what the machines of the definition files are')
  .option('--max-warnings <number>', 'exit with 1 only when there are more warnings than this')
  .option('--fix', 'mend in the files what needs no decision, and print what is left')
  .option('--json', 'print the findings as JSON')
  .option('--sarif', 'print SARIF 2.1.0, for code scanning')
  .option('--pages <url>', 'where SARIF says that the pages of the rules are (default: the files of this installation)')
  .option('--skip-others', 'pass over files that declare no state machine, instead of refusing them')
  .action(async (paths: string[], options: LintOptions) => {
    const { runLint } = await import('./commands/lint.ts');
    process.exitCode = await runLint(paths, options, terminal);
  });

program
  .command('incidents')
  .description('play public failures of callbacks twice, bare and with Baton, and print both ends')
  .option('--json', 'print them as JSON')
  .action(async (options: IncidentsOptions) => {
    const { runIncidents } = await import('./commands/incidents.ts');
    await runIncidents(options, terminal);
  });

program
  .command('adopt')
  .description('rewrite waiting states into work that Baton dispatches, and show the difference')
  .argument('<file...>', 'definitions, and templates that hold them')
  .option('--write', 'write it into the files')
  .option('--state <name>', 'only this state')
  .option(
    '--dispatcher <text>',
    "what the definition calls the dispatcher (default: a placeholder in the file's manner)",
  )
  .option('--approver <name...>', 'who is asked where people decide: ann, or ann=ann@example.com')
  .action(async (files: string[], options: AdoptCommandOptions) => {
    const { runAdopt } = await import('./commands/adopt.ts');
    process.exitCode = await runAdopt(files, options, terminal);
  });

const callbacks = program
  .command('callbacks')
  .description('look at the callbacks that workflows wait for, and settle them by hand');
// Its options are read with the domain's schemas, for which no other command waits.
if (process.argv[2] === callbacks.name() || process.argv[2] === 'help') {
  const { registerCallbacks } = await import('./commands/callbacks.ts');
  registerCallbacks(callbacks, terminal);
}

exitOnLostPeers();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 64;
  } else {
    const message = error instanceof Error ? error.message : String(error);
    terminal.error(`baton: ${message}`);
    if (!(error instanceof CliError) && process.env['BATON_DEBUG'] && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof CliError ? error.exitCode : 70;
  }
}
