import { convert, type HtmlToTextOptions } from 'html-to-text'

const maxLength = 2000

const options: HtmlToTextOptions = {
  wordwrap: false,
  // What is written to exhaust a parser is cut off.
  limits: { maxInputLength: 20_000, maxDepth: 40, ellipsis: '' },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
  ],
}

/** Plain text of HTML. Whoever shows it must still escape it: `&lt;b&gt;` becomes `<b>`. */
export function plainText(html: string): string {
  return clip(convert(html.slice(0, 20_000), options))
}

/** Plain text where only entities are encoded, with its line breaks. */
export function decoded(text: string): string {
  return clip(convert(text, { ...options, preserveNewlines: true }))
}

/** What can be stored and shown: no NUL, no half characters, not endless. */
export function clip(text: string, length = maxLength): string {
  const clean = text.replaceAll('\0', '').toWellFormed().trim()
  return clean.length <= length
    ? clean
    : `${clean
        .slice(0, length - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`
}

/** An http or https URL, or null: others, such as javascript:, must not become links. */
export function webUrl(text: string | null | undefined, base?: URL): string | null {
  if (!text) return null
  const url = URL.parse(text, base?.href)
  return url && (url.protocol === 'http:' || url.protocol === 'https:') && url.href.length <= 2000 ? url.href : null
}
