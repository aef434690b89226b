import assert from 'node:assert/strict'
import { WorkQueue } from './queue.ts'

/** Work that ends when the test says so, and timers that ring when it does. */
function aQueue(workers = 2) {
  const begun: string[] = []
  const ends = new Map<string, PromiseWithResolvers<void>>()
  const timers: { ms: number; run: () => void; cancelled: boolean }[] = []
  const depths: number[] = []
  const errors: [key: string, attempt: number][] = []
  const queue = new WorkQueue({
    workers,
    work: (key) => {
      begun.push(key)
      const end = Promise.withResolvers<void>()
      ends.set(key, end)
      return end.promise
    },
    onError: (_, key, attempt) => errors.push([key, attempt]),
    onDepth: (depth) => depths.push(depth),
    later: (ms, run) => {
      const timer = { ms, run, cancelled: false }
      timers.push(timer)
      return () => {
        timer.cancelled = true
      }
    },
  })
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  const end = async (key: string, error?: Error) => {
    if (error) ends.get(key)!.reject(error)
    else ends.get(key)!.resolve()
    await settled()
  }
  const add = async (...keys: string[]) => {
    for (const key of keys) queue.add(key)
    await settled()
  }
  return { queue, begun, timers, depths, errors, end, add }
}

const failure = new Error('no')

describe('the work queue', () => {
  it('keeps nothing before it is started', async () => {
    const { queue, begun, add } = aQueue()
    await add('a')
    queue.start()
    await add('b')
    assert.deepEqual(begun, ['b'])
  })

  it('does as many at once as it has workers, in the order in which they came', async () => {
    const { queue, begun, depths, add, end } = aQueue()
    queue.start()
    await add('a', 'b', 'c', 'd')
    assert.deepEqual([begun, depths.at(-1)], [['a', 'b'], 2])
    await end('b')
    assert.deepEqual([begun, depths.at(-1)], [['a', 'b', 'c'], 1])
    await end('a')
    assert.deepEqual([begun, depths.at(-1)], [['a', 'b', 'c', 'd'], 0])
  })

  it('does a key once however often it is added, and once more when that was meanwhile', async () => {
    const { queue, begun, add, end } = aQueue()
    queue.start()
    await add('a', 'a')
    assert.deepEqual(begun, ['a'])
    await add('a', 'a', 'a', 'b')
    assert.deepEqual(begun, ['a', 'b'], 'never the same at once')
    await end('a')
    assert.deepEqual(begun, ['a', 'b', 'a'])
    await end('a')
    assert.deepEqual(begun, ['a', 'b', 'a'])
  })

  it('tries again what failed, later each time up to five minutes, and begins anew after a success', async () => {
    const { queue, begun, timers, errors, add, end } = aQueue()
    queue.start()
    await add('a')
    for (let attempt = 0; attempt < 12; attempt++) {
      await end('a', failure)
      const { ms, run } = timers.at(-1)!
      const longest = Math.min(300_000, 2000 * 2 ** attempt)
      assert.ok(ms >= longest / 2 && ms <= longest, `${ms} ms before try ${attempt + 1}`)
      run()
      await add()
    }
    assert.deepEqual(errors.at(-1), ['a', 11])
    assert.equal(begun.length, 13)
    await end('a')
    await add('a')
    await end('a', failure)
    assert.ok(timers.at(-1)!.ms <= 2000)
  })

  it('does at once what is added while it waits to be tried again', async () => {
    const { queue, begun, timers, add, end } = aQueue()
    queue.start()
    await add('a')
    await end('a', failure)
    await add('a')
    assert.deepEqual([begun, timers[0]!.cancelled], [['a', 'a'], true])
  })

  it('does at once what was added while it failed', async () => {
    const { queue, begun, timers, add, end } = aQueue()
    queue.start()
    await add('a', 'a')
    await add('a')
    await end('a', failure)
    assert.deepEqual([begun, timers.length], [['a', 'a'], 0])
  })

  it('holds up no other for one that fails', async () => {
    const { queue, begun, add, end } = aQueue(1)
    queue.start()
    await add('a', 'b')
    await end('a', failure)
    assert.deepEqual(begun, ['a', 'b'])
  })

  it('stops when what runs has ended, and begins nothing more', async () => {
    const { queue, begun, timers, add, end } = aQueue(1)
    queue.start()
    await add('a')
    await end('a', failure)
    await add('b', 'c')
    let hasStopped = false
    const stopped = queue.stop().then(() => {
      hasStopped = true
    })
    await add('d')
    assert.deepEqual([hasStopped, timers[0]!.cancelled], [false, true])
    await end('b', failure)
    await stopped
    assert.deepEqual([begun, timers.length], [['a', 'b'], 1])
  })
})
