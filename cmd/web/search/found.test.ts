import assert from 'node:assert/strict'
import { linkTo, nameOf, tally } from './found.ts'
import { splitSnippet } from './snippet.ts'

const [on, off] = ['\u{E000}', '\u{E001}']
/** `[word]` for one that matches. */
const shown = (snippet: string, body: string) =>
  splitSnippet(snippet, body)
    .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
    .join('')

describe('a snippet', () => {
  it('is taken apart at the marks, wherever they are', () => {
    assert.equal(shown(`${on}Boat${off} 3 and ${on}boat${off}`, 'Boat 3 and boat'), '[Boat] 3 and [boat]')
    assert.equal(shown(`a${on}b${off}${on}c${off}`, 'abc'), 'a[b][c]')
    assert.equal(shown('nothing marked', 'nothing marked'), 'nothing marked')
  })

  it('says with dots where the message goes on', () => {
    assert.equal(shown(`the ${on}boat${off} is`, 'Look: the boat is in.'), '… the [boat] is …')
    assert.equal(shown(`${on}boat${off} is`, 'boat is in.'), '[boat] is …')
  })

  it('shows what looks like HTML as it was written', () => {
    assert.equal(shown(`<b>${on}x${off}</b>`, '<b>x</b>'), '<b>[x]</b>')
  })
})

describe('what was found', () => {
  const mine = [
    { id: 1, name: null, members: ['ada', 'bob'] },
    { id: 2, name: null, members: ['ada', 'bob', 'cleo'] },
  ]
  it('is named after its topic or group, or after who else is in it', () => {
    assert.equal(nameOf({ id: 9, kind: 'topic', name: 'Weather' }, mine, 'ada'), 'Weather')
    assert.equal(nameOf({ id: 1, kind: 'direct', name: null }, mine, 'ada'), 'bob')
    assert.equal(nameOf({ id: 2, kind: 'group', name: null }, mine, 'ada'), 'bob, cleo')
    assert.equal(nameOf({ id: 3, kind: 'direct', name: null }, mine, 'ada'), 'A direct conversation')
  })

  it('is read where it was said', () => {
    assert.equal(linkTo({ conversation: { id: 4, kind: 'topic', name: 'Ops' }, seq: 12 }), '/topics/4?at=12')
    assert.equal(linkTo({ conversation: { id: 5, kind: 'group', name: null }, seq: 1 }), '/messages/5?at=1')
  })

  it('is counted as far as is known', () => {
    assert.equal(tally(1, false, false), '1 message')
    assert.equal(tally(1200, true, false), '1,200 messages so far')
    assert.equal(tally(0, true, true), 'Searching…')
    assert.equal(tally(0, true, false), 'Nothing in the newest messages')
    assert.equal(tally(0, false, false), 'No message has these words')
  })
})
