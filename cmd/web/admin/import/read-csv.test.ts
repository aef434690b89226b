import assert from 'node:assert/strict'
import { readCsv } from './read-csv.ts'

describe('a file of recipients', () => {
  const read = (text: string) => readCsv(new TextEncoder().encode(text).buffer)

  it('is understood as the command line does, whatever the spelling of CSV', () => {
    const text =
      '\ufeffPhone_Number, email ,name\r\n' +
      '212-555-1234,bob@example.com,"Bob ""the"" Builder"\r\n' +
      '\r\n' +
      '"+49 30 901820","eve@example.com","Eve,\r\nof two lines"\n' +
      'three,fields\n' +
      '  (718) 555-0000 ,  nobody,'
    assert.deepEqual(read(text), {
      rows: [
        { line: 2, email: 'bob@example.com', phone_number: '212-555-1234' },
        { line: 4, email: 'eve@example.com', phone_number: '+49 30 901820' },
        { line: 7, email: 'nobody', phone_number: '(718) 555-0000' },
      ],
      bad: [{ line: 6, problem: 'has 2 fields, and the header 3' }],
      ignored: ['name'],
    })
  })

  it('keeps out the lines that the API would refuse with all others', () => {
    const { rows, bad } = read(`email,phone_number\n${'a'.repeat(1001)},1\na@b.org,2\0\na@b.org,3\n`)
    assert.deepEqual(
      rows.map(({ line }) => line),
      [4],
    )
    assert.deepEqual(bad, [
      { line: 2, problem: 'email is longer than 1000 characters' },
      { line: 3, problem: 'phone_number has a character that is none' },
    ])
  })

  it('says what is wrong with it as a whole', () => {
    const latin1 = new Uint8Array([...new TextEncoder().encode('email,phone_number\n'), 0xe9]).buffer
    assert.throws(() => readCsv(latin1), { message: /not text in UTF-8/ })
    assert.throws(() => read(''), { message: /The file is empty/ })
    assert.throws(() => read('email;phone_number\n'), { message: /with commas between; it is: email;phone_number$/ })
    assert.throws(() => read('email,phone_number\n"a@b.org,1\n'), { message: /Quote Not Closed/ })
  })
})
