import { nameToEmoji } from 'gemoji'

/** One emoji as keyboards send it, of however many code points. */
const oneEmoji = /^\p{RGI_Emoji}$/v
/** Asks for the colourful form of a character that also has a plain one. */
const emojiStyle = '\uFE0F'

/** One shortcode or several in a row. Not in a word, a time or an address: `10:100:45`, `std::star::x`. */
const shortcodes = /(?<![\p{Ll}\p{Lu}\p{N}_:])(?::[a-z0-9_+\-]{1,40}:)+(?![\p{Ll}\p{Lu}\p{N}_:])/gv

const named = (name: string): string | undefined => (Object.hasOwn(nameToEmoji, name) ? nameToEmoji[name] : undefined)

/** The text with shortcodes as emoji, by GitHub's names: `:tada:`. What is no known name stays as it is. */
export function emojify(text: string): string {
  if (!text.includes(':')) return text
  return text.replace(shortcodes, (run) => run.replace(/:([^:]+):/g, (code, name) => named(name) ?? code))
}

/** The emoji that is meant by an emoji or by a shortcode, with its colons or without; undefined when it is neither. */
export function parseReaction(text: string): string | undefined {
  if (oneEmoji.test(text)) return text
  // Some keyboards leave the style out, others add it where it is not needed: the same emoji must not count as two.
  if (oneEmoji.test(text + emojiStyle)) return text + emojiStyle
  if (text.endsWith(emojiStyle) && oneEmoji.test(text.slice(0, -1))) return text.slice(0, -1)
  return named(/^:([^:]+):$/.exec(text)?.[1] ?? text)
}
