import assert from 'node:assert/strict'
import { emojify, parseReaction } from './emoji.ts'

describe('emojify', () => {
  const replaced: [string, string][] = [
    [':tada:', '🎉'],
    ['Done :tada: at last!', 'Done 🎉 at last!'],
    ['(:+1:)', '(👍)'],
    [':+1::-1::100:', '👍👎💯'],
    [':heart:, :de:.', '❤️, 🇩🇪.'],
    [':no_such_thing: :tada:', ':no_such_thing: 🎉'],
    [':no_such_thing::tada:', ':no_such_thing:🎉'],
    ['終わった:tada:です', '終わった🎉です'],
    ['🎉:tada:🎉', '🎉🎉🎉'],
    ['at 10:30 :tada:', 'at 10:30 🎉'],
    ['a: :tada: b:', 'a: 🎉 b:'],
    ['x\n:tada:\ny', 'x\n🎉\ny'],
  ]
  for (const [text, result] of replaced) it(`replaces: ${text}`, () => assert.equal(emojify(text), result))

  const kept = [
    ...['', 'no codes', ':', '::', ':::', ': tada :', ':tada', 'tada:', ':TADA:', ':constructor:', ':__proto__:'],
    ...['10:30:45', '10:100:45', 'a:tada:b', 'über:tada:', 'x:100:', ':100:5', 'std::star::x', '::tada::', '_:tada:'],
    ...['http://host:100:/', 'fe80::100:1', 'C:\\:tada', ':smile :tada', '🎉'],
  ]
  for (const text of kept) it(`leaves alone: ${JSON.stringify(text)}`, () => assert.equal(emojify(text), text))

  it('takes no time over hostile text', () => {
    const started = performance.now()
    for (const part of [':a', ':a:', '::', ':a: ', 'a:', ':tada::'])
      assert.ok(emojify(`${part.repeat(50_000)}x`).length > 50_000)
    assert.ok(performance.now() - started < 1000)
  })
})

describe('parseReaction', () => {
  const known: [string, string][] = [
    ['🎉', '🎉'],
    [':tada:', '🎉'],
    ['tada', '🎉'],
    ['\u{1F44D}\uFE0F', '\u{1F44D}'],
    ['+1', '👍'],
    ['100', '💯'],
    ['❤️', '❤️'],
    ['\u2764', '❤️'],
    ['🤷‍♂', '🤷‍♂️'],
    ['👍🏽', '👍🏽'],
    ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦'],
    ['🇩🇪', '🇩🇪'],
    ['1️⃣', '1️⃣'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
  ]
  for (const [text, emoji] of known) it(`knows ${text}`, () => assert.equal(parseReaction(text), emoji))

  const unknown = [
    ...['', ' ', '1', '#', '😀😀', '😀 ', 'no_such_thing', ':no_such_thing:', ':tada', 'tada:', '::tada::', 'Tada'],
    ...[
      'constructor',
      '__proto__',
      ':toString:',
      '\uFE0F',
      '\u200D',
      '\u{1F3FD}x',
      '🇩',
      '\uD83D',
      '<b>',
      'x'.repeat(10_000),
    ],
  ]
  for (const text of unknown)
    it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(parseReaction(text), undefined))
})
