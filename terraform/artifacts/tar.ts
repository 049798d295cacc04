/** A file of an archive. Who owns it and when it was made is left out: the same files give the same bytes. */
export interface TarFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
}

const BLOCK = 512;

/** Packs files into a tar of the ustar form, as POSIX.1-1988 lays it out: a header block each, the content filled up to whole blocks. */
export function packTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap((file) => [
    header(file),
    file.content,
    Buffer.alloc(-file.content.length & (BLOCK - 1)),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function header({ name, content, executable }: TarFile): Buffer {
  if (Buffer.byteLength(name) > 100) throw new Error(`a tar holds names up to 100 bytes: ${name}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.write(value.toString(8).padStart(width - 1, '0'), at, 'ascii');
  block.write(name, 0);
  octal(executable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8); // owner
  octal(0, 116, 8); // group
  octal(content.length, 124, 12);
  octal(0, 136, 12); // time of modification
  block.fill(' ', 148, 156); // the checksum counts itself as blanks
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  block.writeUInt8(0, 154);
  return block;
}
