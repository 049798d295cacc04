/** A length of time that runs out, as a bar that shrinks. It repeats in a picture what stands beside it in words. */
export function Bar({ share }: { share: number }) {
  const left = Math.min(1, Math.max(0, share));
  const tone = left > 0.5 ? 'good' : left > 0.2 ? 'watch' : 'bad';
  return (
    <span class={`bar ${tone}`} aria-hidden="true">
      <i style={{ width: `${(left * 100).toFixed(1)}%` }} />
    </span>
  );
}
