import assert from 'node:assert/strict'
import { startTestApi, type TestApi } from '../http/testing.ts'
import type { OpenApi } from './openapi.ts'

describe('the documents', () => {
  let api: TestApi
  let document: OpenApi
  before(async () => {
    api = await startTestApi()
    document = (await api.request('GET', '/api/v1/openapi.json')).body
  })
  after(() => api.stop())

  it('have every route, public ones without security', () => {
    assert.equal(document.openapi, '3.1.0')
    for (const route of api.routes) {
      const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method]
      assert.ok(operation, `${route.method} ${route.path}`)
      assert.deepEqual(operation.security, route.access === 'public' ? [] : undefined)
    }
  })
  it('have unique operation ids and no dangling reference', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    assert.equal(new Set(operations.map((o) => o.operationId)).size, operations.length)
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
      assert.ok(document.components.schemas[name as string], name)
    assert.ok(!JSON.stringify(document).includes('$defs'))
  })
  it('name every parameter of a path', () => {
    for (const [path, methods] of Object.entries(document.paths))
      for (const operation of Object.values(methods))
        for (const [, name] of path.matchAll(/\{(\w+)\}/g))
          assert.ok(operation.parameters.some((p) => p.name === name && p.in === 'path' && p.required))
  })
  it('show people each operation, without script or another host', async () => {
    const { text, headers } = await api.request('GET', '/api/v1/docs')
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/)
    for (const methods of Object.values(document.paths))
      for (const operation of Object.values(methods)) assert.ok(text.includes(`id="${operation.operationId}"`))
    assert.ok(!/<script|https?:\/\//.test(text))
  })
})
