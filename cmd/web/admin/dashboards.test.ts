import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { dashboards } from './dashboards.ts'

describe('links to dashboards', () => {
  it('are to those that the chart brings, all of them', () => {
    const files = readdirSync(path.resolve(import.meta.dirname, '../../../charts/belfry/files/dashboards'))
    assert.deepEqual(dashboards.map(({ uid }) => `${uid}.json`).toSorted(), files.toSorted())
  })
})
