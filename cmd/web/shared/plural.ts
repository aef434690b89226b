const number = new Intl.NumberFormat()
const rules = new Intl.PluralRules('en')

export const formatNumber = (value: number): string => number.format(value)

/** "1,200 members": a number with its word. */
export const counted = (count: number, word: { one: string; other: string }): string =>
  `${number.format(count)} ${rules.select(count) === 'one' ? word.one : word.other}`
