import assert from 'node:assert/strict'
import { Problem } from '#internal/runtime/problem'
import type { MediaType } from './attachment.ts'
import { checkImage } from './image.ts'
import { animatedPng, gif, jpeg, png, webp } from './testing.ts'

describe('checkImage', () => {
  const good: [string, Buffer, MediaType, number, number][] = [
    ['a PNG', png(3, 2), 'image/png', 3, 2],
    ['an animated PNG', animatedPng(), 'image/png', 3, 2],
    ['a PNG with a megabyte of text', png(3, 2, 1_000_000), 'image/png', 3, 2],
    ['a PNG of 100 million pixels', png(10_000, 10_000), 'image/png', 10_000, 10_000],
    ['a GIF', gif(), 'image/gif', 5, 4],
    ['a JPEG', jpeg(), 'image/jpeg', 7, 4],
    ['a JPEG that lies on its side', jpeg(6), 'image/jpeg', 4, 7],
    ['a JPEG that stands on its head', jpeg(3), 'image/jpeg', 7, 4],
    ['a WebP', webp(), 'image/webp', 1, 1],
  ]
  for (const [what, bytes, type, width, height] of good)
    it(`takes ${what}`, async () => assert.deepEqual(await checkImage(bytes, type), { width, height }))

  const bad: [string, Buffer, MediaType][] = [
    ['a PNG that says it is a GIF', png(), 'image/gif'],
    ['a GIF that says it is a PNG', gif(), 'image/png'],
    ['nothing', Buffer.alloc(0), 'image/png'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/png'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"/>'), 'image/png'],
    ['a PNG of no width', png(0, 2), 'image/png'],
    ['a PNG that would fill the memory', png(30_000, 30_000), 'image/png'],
    ['a GIF that is a page', Buffer.from('GIF89a'), 'image/gif'],
    ...[8, 12, 16, 20].map((n): [string, Buffer, MediaType] => [
      `${n} bytes of a PNG`,
      png().subarray(0, n),
      'image/png',
    ]),
    ...[3, 8, 12].map((n): [string, Buffer, MediaType] => [
      `${n} bytes of a JPEG`,
      jpeg().subarray(0, n),
      'image/jpeg',
    ]),
    ...[12, 16, 20].map((n): [string, Buffer, MediaType] => [
      `${n} bytes of a WebP`,
      webp().subarray(0, n),
      'image/webp',
    ]),
  ]
  for (const [what, bytes, type] of bad)
    it(`refuses ${what}`, () =>
      assert.rejects(
        checkImage(bytes, type),
        (error: Problem) => error instanceof Problem && error.code === 'invalid_image',
      ))

  it('refuses in no time whatever is made of the right beginnings', async () => {
    const started = performance.now()
    let seed = 1
    for (const [bytes, type] of [
      [png(), 'image/png'],
      [gif(), 'image/gif'],
      [jpeg(6), 'image/jpeg'],
      [webp(), 'image/webp'],
    ] as const)
      for (let n = 0; n < 300; n++) {
        const noise = Buffer.alloc(2000)
        for (let i = 0; i < noise.length; i++) {
          seed = (seed * 48_271) % 2_147_483_647
          noise[i] = seed & 255
        }
        const mixed = Buffer.concat([bytes.subarray(0, n % bytes.length), noise])
        await checkImage(mixed, type).catch((error) => assert.ok(error instanceof Problem, error))
      }
    assert.ok(performance.now() - started < 5000)
  })
})
