import { type Mail, type Question, questionText } from '@baton/token-lib';
import { markup } from '../link/markup.ts';

/** A question as a mail: a plain and an HTML part, made from the same facts. */
export const questionMail = (question: Question): Pick<Mail, 'subject' | 'text' | 'html'> => ({
  subject: subjectOf(question.title),
  text: questionText(question),
  html: questionHtml(question),
});

/** A title may hold what would end the line of a header. */
const subjectOf = (title: string): string =>
  `Decision needed: ${title.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`.slice(0, 200).toWellFormed();

/** Mail programs know no style sheets: each element has its own style. Baton's link comes before what the workflow has written. */
function questionHtml({ asked, url, warning, divider, written }: Question): string {
  const document = markup`<!doctype html>
<html lang="en">
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#ffffff">
<p style="margin:0 0 16px">${asked}</p>
<p style="margin:0 0 16px"><a href="${url}" style="display:inline-block;padding:12px 24px;border-radius:6px;background:#0550ae;color:#ffffff;font-weight:600;text-decoration:none">Look and decide</a></p>
<p style="margin:0 0 16px;font-size:14px;color:#57606a">Or copy this address: <span style="word-break:break-all">${url}</span></p>
<p style="margin:0 0 24px;font-size:14px;color:#57606a">${warning}</p>
<p style="margin:0 0 8px;font-size:14px;color:#57606a">${divider}</p>
<blockquote style="margin:0;padding:8px 16px;border-left:4px solid #d0d7de;white-space:pre-wrap;overflow-wrap:anywhere">${written}</blockquote>
</body>
</html>
`;
  return document.text;
}
