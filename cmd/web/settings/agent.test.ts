import assert from 'node:assert/strict'
import { agentOf } from './agent.ts'

describe('agentOf', () => {
  const agents: [string | null, string, string][] = [
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
      'computer',
      'Edge on Windows',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'computer', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
      'phone',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
      'phone',
      'Chrome on Android',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      'computer',
      'Safari on macOS',
    ],
    ['curl/8.14.1', 'program', 'curl/8.14.1'],
    ['belfry (https://example.com)', 'program', 'belfry'],
    ['', 'program', 'Unknown program'],
    [null, 'program', 'Unknown program'],
  ]
  for (const [header, kind, text] of agents)
    it(`calls ${header === null ? 'none' : JSON.stringify(header.slice(0, 40))} ${text}`, () =>
      assert.deepEqual(agentOf(header), { kind, text }))
})
