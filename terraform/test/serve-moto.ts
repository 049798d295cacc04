/** Keeps moto and the proxy that repairs it running, for applying environments/local by hand. Ctrl-C ends both. */
import { startMoto } from './moto.ts';
import { missingMoto } from './toolchain.ts';

if (missingMoto === undefined) {
  const moto = await startMoto();
  console.log(
    `export AWS_ENDPOINT_URL=${moto.endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1`,
  );
  process.once('SIGINT', () => void moto.stop());
  process.once('SIGTERM', () => void moto.stop());
} else {
  console.error(missingMoto);
  process.exitCode = 1;
}
