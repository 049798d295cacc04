/** The page's way to its server. Types come from there; nothing else does. */
export class ApiError extends Error {
  readonly status: number;
  readonly missing: string | undefined;

  constructor(status: number, message: string, missing?: string) {
    super(message);
    this.status = status;
    this.missing = missing;
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const text = await response.text();
  try {
    const { message, missing } = JSON.parse(text) as { message: string; missing?: string };
    throw new ApiError(response.status, message, missing);
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(response.status, text);
  }
}

export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  answerOf<T>(await fetch(path, signal ? { signal } : {}));

export const post = async <T>(path: string, body: object): Promise<T> =>
  answerOf<T>(
    await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-baton-console': '1' },
      body: JSON.stringify(body),
    }),
  );
