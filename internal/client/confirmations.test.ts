import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { waitFor } from '#internal/testing/wait-for'
import { Confirmations } from './confirmations.ts'
import type { StreamProblem } from './index.ts'

describe('what an inbox tells until it is confirmed', () => {
  const { random } = Math
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(response)
  })
  let asked: string[] = []
  let answer: (response: ServerResponse) => void
  let confirmations: Confirmations
  let problems: StreamProblem[] = []
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  beforeEach(() => {
    asked = []
    problems = []
    answer = (response) => response.writeHead(503).end()
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    confirmations = new Confirmations({ url, token: 'secret', onProblem: (problem) => problems.push(problem) })
    // The longest delays.
    Math.random = () => 1
  })
  afterEach(() => {
    Math.random = random
    confirmations.close()
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })
  const times = (count: number) => waitFor(() => asked.length === count, { what: `${count} requests` })

  it('is told again after a time that grows', async () => {
    const began = Date.now()
    confirmations.add(3, 'read')
    await times(3)
    assert.ok(Date.now() - began >= 1490)
    answer = (response) => response.writeHead(200).end('{}')
    await times(4)
    assert.deepEqual([...new Set(asked)], ['PUT /3/read'])
  })

  it('is told at once when there is a connection again', async () => {
    confirmations.add(3, 'acknowledged')
    await times(4)
    const began = Date.now()
    confirmations.now()
    await times(5)
    assert.ok(Date.now() - began < 3500, 'the next was due after 4 s')
  })

  it('is told no more when Belfry will not have it, but when it is a proxy', async () => {
    answer = (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('no')
    confirmations.add(3, 'read')
    await times(2)
    const detail = 'There is no such alert.'
    answer = (response) =>
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ code: 'alert_not_found', detail }))
    await waitFor(() => problems.length === 1, { what: 'the problem' })
    assert.deepEqual(problems, [{ code: 'alert_not_found', detail: `Alert 3 is not read: ${detail}` }])
    answer = (response) => response.writeHead(200).end()
    confirmations.add(4, 'read')
    await waitFor(() => asked.includes('PUT /4/read'), { what: 'the next' })
    assert.equal(asked.length, 4)
  })
})
