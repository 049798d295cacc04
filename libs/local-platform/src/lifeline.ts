/**
 * Preloaded into programs that must not outlive the one that started them (`node --import`): standard input is a pipe from that
 * program, and it ends with it, whatever ended it. The program itself need not know.
 */
process.stdin.on('end', () => process.exit()).resume();
