import assert from 'node:assert/strict'
import { Cron } from 'croner'
import { channels, maxTextLength, severities } from '#internal/alerts/alert'
import { badCrons, crd, goodCrons } from './testing.ts'

/** One field of an expression: values `n`, ranges, steps, and lists of these. */
const field = (n: string) => {
  const part = `(\\*|\\?|${n}(-${n})?)(/[1-9][0-9]?)?`
  return `${part}(,${part})*`
}
const names = (list: string) =>
  list
    .split(' ')
    .map((name) => name.replace(/./g, (letter) => `[${letter.toUpperCase()}${letter}]`))
    .join('|')
const fields = [
  '[0-5]?[0-9]',
  '([01]?[0-9]|2[0-3])',
  '(0?[1-9]|[12][0-9]|3[01])',
  `(0?[1-9]|1[0-2]|${names('jan feb mar apr may jun jul aug sep oct nov dec')})`,
  `(0?[0-6]|${names('sun mon tue wed thu fri sat')})`,
]
const pattern = `^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|${fields.map(field).join(' +')})$`

describe('the CRD of AlertSchedules', () => {
  const schema = crd.spec.versions[0].schema.openAPIV3Schema
  const { spec, status } = schema.properties
  const { schedule, alert } = spec.properties

  it('has the pattern of cron expressions that this makes', () => {
    assert.equal(schedule['x-kubernetes-validations'][0].rule.trim(), `self.matches(r'${pattern}')`)
  })
  it('lets good expressions through, which can be computed with, and no others', () => {
    const lets = (text: string) =>
      new RegExp(pattern).test(text) && text.length >= schedule.minLength && text.length <= schedule.maxLength
    for (const text of goodCrons) {
      assert.ok(lets(text), text)
      assert.ok(new Cron(text, { mode: '5-part', sloppyRanges: true, paused: true }).nextRun(), text)
    }
    for (const text of badCrons) assert.ok(!lets(text), text)
  })
  it('has the limits of the API', () => {
    const { properties } = alert
    assert.equal(properties.text.maxLength, maxTextLength)
    assert.deepEqual(properties.severity.enum, severities)
    assert.equal(properties.severity.default, severities[0])
    assert.deepEqual(properties.channels.items.enum, channels)
  })
  it('describes every field', () => {
    const check = (at: string, node: { description?: string; properties?: object; items?: object }) => {
      for (const [name, child] of Object.entries(node.properties ?? {})) {
        if (`${at}.${name}` !== '.metadata') assert.ok(child.description, `${at}.${name}`)
        check(`${at}.${name}`, child)
        if (child.items) check(`${at}.${name}[]`, child.items)
      }
    }
    check('', schema)
    assert.ok(status.description && spec.description && schema.description)
  })
})
