import assert from 'node:assert/strict'
import { badLinesCsv } from './report.ts'

describe('the report of bad lines', () => {
  it('is CSV, whatever is in them', () => {
    const bad = [{ line: 3, problem: 'email "a,\nb" is not an e-mail address' }]
    assert.equal(badLinesCsv(bad), 'line,problem\r\n3,"email ""a,\nb"" is not an e-mail address"\r\n')
  })
})
