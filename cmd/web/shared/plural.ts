const number = new Intl.NumberFormat()
// The words are English, whatever the numbers look like.
const rules = new Intl.PluralRules('en')

export const formatNumber = (value: number): string => number.format(value)

/** "1 recipient", "4,900 recipients". */
export const count = (value: number, one: string, other = `${one}s`): string =>
  `${number.format(value)} ${rules.select(value) === 'one' ? one : other}`
