import assert from 'node:assert/strict'
import { partitioner } from './names.ts'

describe('the partition of a key', () => {
  it("is what Kafka's own clients take", () => {
    // From the tests of Kafka's murmur2, without the sign.
    const hashes: Record<string, number> = {
      '21': -973932308,
      foobar: -790332482,
      'a-little-bit-long-string': -985981536,
      lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
      abc: 479470107,
    }
    for (const count of [1, 4, 12, 1000])
      for (const [key, hash] of Object.entries(hashes))
        assert.equal(partitioner(count)(key), (hash & 0x7fffffff) % count, `${key} of ${count}`)
  })
})
