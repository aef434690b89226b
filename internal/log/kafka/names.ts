import kafkajs from 'kafkajs'

/** What the product calls its topics and groups: all begin with the same prefix, so that one grant covers them. */
export const topicsOf = (prefix: string) => ({ events: `${prefix}.events`, receipts: `${prefix}.receipts` })
export type Topics = ReturnType<typeof topicsOf>

export const groupOf = (prefix: string, name: string) => `${prefix}.${name}`

/** Finds the partition of a key, among `count`, as every Kafka client does (murmur2). */
export function partitioner(count: number): (key: string) => number {
  const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 0 })) as never
  const murmur2 = kafkajs.Partitioners.DefaultPartitioner()
  return (key) => murmur2({ topic: '', partitionMetadata, message: { key, value: null } })
}
