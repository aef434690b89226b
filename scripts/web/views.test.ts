import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { views, viewsFile } from './views.ts'

describe('the types of the API for the user interface', () => {
  it('are those of its OpenAPI document: `npm run generate:web` makes them', async () => {
    assert.equal(readFileSync(viewsFile, 'utf8'), await views())
  })
})
