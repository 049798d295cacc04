import { createHash } from 'node:crypto';
import type { HttpResponse } from '../api-gateway.ts';
import { markup, Markup } from './markup.ts';

export interface Page {
  readonly status: number;
  readonly title: string;
  readonly content: Markup;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--yes:#116329;--no:#a40e26;--focus:#0969da}
@media(prefers-color-scheme:dark){:root{--ink:#f0f3f6;--soft:#b7bdc8;--paper:#161b22;--line:#454c56;--yes:#1a7f37;--no:#c1233a;--focus:#4c9aff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:40rem;margin:0 auto;padding:1.5rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}
h2{font-size:1.125rem;margin:2rem 0 .5rem}
.text{white-space:pre-wrap}
.soft{color:var(--soft)}
ul{padding-left:1.25rem}
label{display:block;font-weight:600;margin:1.5rem 0 .25rem}
textarea{width:100%;min-height:6rem;padding:.5rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--soft);border-radius:.375rem}
.choices{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1rem}
button{flex:1 1 10rem;min-height:3rem;padding:.5rem 1rem;font:inherit;font-weight:600;color:#fff;border:2px solid transparent;border-radius:.375rem;cursor:pointer}
.yes{background:var(--yes)}
.no{background:var(--no)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** No script, no picture, nothing from elsewhere; the form may only come back here. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'strict-transport-security': 'max-age=31536000',
} as const;

export function toPageResponse({ status, title, content }: Page): HttpResponse {
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
  return { statusCode: status, headers: HEADERS, body: document.text };
}
