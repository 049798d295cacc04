/** Milliseconds since 1970-01-01T00:00:00Z, or a duration in milliseconds. Values in seconds say so: `timeoutSeconds`. */
export type Millis = number;

export const seconds = (count: number): Millis => count * 1000;
