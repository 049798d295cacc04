export interface Picture {
  readonly file: string;
}

/** The work. What it returns is the state's result; what it throws is the state's error, by its name. */
export async function resize({ file }: Picture) {
  if (!file.endsWith('.png')) throw Object.assign(new Error(`${file} is no picture`), { name: 'NoPicture' });
  return { thumbnail: `small-${file}` };
}
