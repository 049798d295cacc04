/** Times and names in words. */
export function duration(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  const [days, hours, minutes, seconds] = [
    Math.floor(whole / 86_400),
    Math.floor((whole % 86_400) / 3_600),
    Math.floor((whole % 3_600) / 60),
    whole % 60,
  ];
  if (days > 0) return `${days}d ${hours}h`;
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, '0')}m`;
  return minutes > 0 ? `${minutes}m ${String(seconds).padStart(2, '0')}s` : `${seconds}s`;
}

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

export function clockTime(at: number | string, now: number): string {
  const date = new Date(at);
  const text = time.format(date);
  return day.format(date) === day.format(new Date(now)) ? text : `${day.format(date)} ${text}`;
}

export const KIND_WORDS: Readonly<Record<string, string>> = {
  ssm: 'host',
  queue: 'queue',
  lambda: 'function',
  approval: 'people',
  webhook: 'partner',
};

export const executionName = (arn: string): string => arn.split(':').at(-1) ?? arn;
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
