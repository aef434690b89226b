import assert from 'node:assert/strict'
import { startTestApi, type TestApi } from '../http/testing.ts'

describe('GET /about', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi({ REGISTRATION: 'closed', GRAFANA_URL: 'https://grafana.example.com/g' })
  })
  after(() => api.stop())

  it('tells everybody how to come in, and admins where the dashboards are', async () => {
    const all = { registration: 'closed', password_min_length: 8 }
    const about = async (token?: string) =>
      (await api.request('GET', '/api/v1/about', token === undefined ? {} : { token })).body
    assert.deepEqual(await about(), all)
    assert.deepEqual(await about((await api.as('dispatcher')).token), all)
    const { version, ...rest } = await about((await api.as('admin')).token)
    assert.match(version, /^\d+\.\d+\.\d+/)
    assert.deepEqual(rest, { ...all, grafana_url: 'https://grafana.example.com/g' })
  })
})
