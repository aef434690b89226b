import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const platform = new Set([
  ...[
    'config',
    'db',
    'embedded-postgres',
    'events',
    'client',
    'health',
    'log',
    'platform',
    'runtime',
    'telemetry',
    'testing',
  ],
])
// What the user interface shares with the server: nothing of Node is in it.
const inBrowsers = new Set(['internal/client', 'internal/alerts/contact-file', 'internal/runtime/plain-error'])
// Each library has one owner, so that replacing it is a change in one place. Prefixes of paths.
const owners: Record<string, string[]> = {
  koa: ['cmd/api/'],
  '@koa/router': ['cmd/api/'],
  'uWebSockets.js': ['cmd/push/'],
  nodemailer: ['internal/deliveries/'],
  commander: ['cmd/cli/'],
  'csv-parse': ['cmd/cli/', 'cmd/web/'],
  'prom-client': ['internal/telemetry/'],
  otplib: ['internal/accounts/'],
  croner: ['internal/schedules/', 'cmd/operator/'],
  '@kubernetes/client-node': ['cmd/operator/'],
  'html-to-text': ['internal/feed/'],
  '@rowanmanning/feed-parser': ['internal/feed/'],
  'request-filtering-agent': ['internal/feed/'],
  '@aws-sdk/': ['internal/attachments/'],
  'file-type': ['internal/attachments/'],
  'image-size': ['internal/attachments/'],
  gemoji: ['internal/runtime/'],
  kafkajs: ['internal/log/kafka/'],
  '@opentelemetry/': ['internal/telemetry/'],
  ...Object.fromEntries(
    [
      ...['react', 'react-dom', '@mantine/', '@tanstack/', 'wouter', 'frimousse', 'linkifyjs', '@tabler/', 'uqr'],
      ...['vite', '@vitejs/', 'playwright-core', 'axe-core'],
    ].map((name) => [name, ['cmd/web/']]),
  ),
}

interface Import {
  file: string
  /** As written. */
  specifier: string
  typeOnly: boolean
}

function importsOf(file: string, text: string): Import[] {
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|import\('([^']+)'\)/gm
  return [...text.matchAll(pattern)].map(([, type, from, bare, dynamic]) => ({
    file,
    specifier: (from ?? bare ?? dynamic)!,
    typeOnly: type !== undefined,
  }))
}

/** `internal/log/relay.ts` is in `internal/log`. */
const folder = (file: string) => file.split('/').slice(0, 2).join('/')
const isPlatform = (name: string) => name.startsWith('internal/') && platform.has(name.slice('internal/'.length))
// testing.ts and suite.ts beside the code are what several tests share.
const isTest = (file: string) => /\.test\.ts$|\/(testing|suite)\.ts$|^(internal|cmd\/web)\/testing\//.test(file)

/** What is wrong with an import, or undefined. */
function fault({ file, specifier, typeOnly }: Import): string | undefined {
  const target = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? path.join(path.dirname(file), specifier)
      : undefined
  if (folder(file) === 'internal/client' && !isTest(file) && (!target || folder(target) !== 'internal/client'))
    return 'the client of the stream is for browsers and for others: it has nothing but itself'
  if (target === undefined) return libraryFault(file, specifier, typeOnly)
  const [from, to] = [folder(file), folder(target)]
  if (from === to) return undefined
  if (specifier.startsWith('.') && !file.startsWith('scripts/')) return 'across folders, write #internal/… or #cmd/…'
  if (isTest(file) || file.startsWith('scripts/')) return undefined
  if (to === 'internal/testing') return 'only tests use internal/testing'
  if (from === 'cmd/web')
    return inBrowsers.has(to) || inBrowsers.has(target)
      ? undefined
      : 'a browser runs this, and not what Node is needed for'
  if (from.startsWith('cmd/')) {
    return to.startsWith('cmd/') && from !== 'cmd/all' ? 'a process does not import another process' : undefined
  }
  if (to.startsWith('cmd/')) return 'internal does not import cmd'
  if (isPlatform(to)) return undefined
  return isPlatform(from) ? 'the platform does not import a domain' : 'a domain does not import another domain'
}

function libraryFault(file: string, specifier: string, typeOnly: boolean): string | undefined {
  const name = Object.keys(owners).find(
    (prefix) => specifier === prefix || specifier.startsWith(`${prefix.replace(/\/$/, '')}/`),
  )
  if (!name || typeOnly || isTest(file) || owners[name]!.some((owner) => file.startsWith(owner))) return undefined
  return `only ${owners[name]!.join(' and ')} may use ${name}`
}

const faults = (imports: Import[]) =>
  imports.flatMap((one) => {
    const found = fault(one)
    return found ? [`${one.file} imports ${one.specifier}: ${found}`] : []
  })

describe('imports', () => {
  it('point one way: cmd, domain, platform', () => {
    const files = ['cmd', 'internal'].flatMap((top) =>
      readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' }).map((file) => path.join(top, file)),
    )
    const imports = files
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => importsOf(file, readFileSync(path.join(root, file), 'utf8')))
    assert.ok(imports.length > 50, 'the files were read')
    assert.deepEqual(faults(imports), [])
  })

  const bad: Record<string, [file: string, text: string]> = {
    'domain to domain': ['internal/alerts/a.ts', `import { x } from '#internal/accounts/account'`],
    'domain to cmd': ['internal/alerts/a.ts', `import type { X } from '#cmd/api/app'`],
    'platform to domain': ['internal/log/a.ts', `import {\n  x,\n} from '#internal/alerts/alert'`],
    'process to process': ['cmd/api/a.ts', `export { x } from '#cmd/push/start'`],
    'relative across folders': ['cmd/api/a.ts', `import { x } from '../../internal/log/log.ts'`],
    'library in the wrong place': ['internal/alerts/a.ts', `import Koa from 'koa'`],
    'library below a prefix': ['cmd/api/a.ts', `const sdk = await import('@opentelemetry/sdk-node')`],
    'library of the user interface elsewhere': ['cmd/api/a.ts', `import { useState } from 'react'`],
    'library of the server in the user interface': ['cmd/web/a.tsx', `import { Router } from '@koa/router'`],
    'the server in the user interface': ['cmd/web/topics/a.tsx', `import { Problem } from '#internal/runtime/problem'`],
    'a library in the client': ['internal/client/a.ts', `import { WebSocket } from 'ws'`],
    'Node in the client': ['internal/client/a.ts', `import type { Socket } from 'node:net'`],
    'the server in the client': ['internal/client/a.ts', `import { delay } from '#internal/runtime/backoff'`],
    'test helper in the product': ['cmd/api/a.ts', `import '#internal/testing/database'`],
  }
  for (const [name, [file, text]] of Object.entries(bad)) {
    it(`finds a bad one: ${name}`, () => assert.equal(faults(importsOf(file, text)).length, 1))
  }

  it('lets the user interface import the client', () => {
    const text = `import { followStream } from '#internal/client/index'`
    assert.deepEqual(faults(importsOf('cmd/web/live/a.tsx', text)), [])
  })

  it('lets cmd/all import every process, and tests import anything', () => {
    const text = `import { x } from '#cmd/push/start'`
    assert.deepEqual(faults([...importsOf('cmd/all/main.ts', text), ...importsOf('cmd/api/a.test.ts', text)]), [])
  })
})
