import { Readable } from 'node:stream'
import type { Db } from '#internal/db/pool'
import { attachmentNotFound } from './attachment.ts'
import type { Contents } from './contents.ts'

/** Bytes that are read at a time: what a slow client costs in memory. */
const pieceSize = 512 * 1024

/** Contents in the table attachment_contents, in the transaction of their attachment. */
export const postgresContents: Contents = {
  stage: async (_db, bytes) => ({ bytes, object_key: null }),
  async keep(trx, attachmentId, { bytes }) {
    await trx('attachment_contents').insert({ attachment_id: attachmentId, bytes })
  },
  async read(db, { id, size }) {
    const first = await readPiece(db, id, 0)
    return Readable.from(pieces(db, id, size, first), { objectMode: false, highWaterMark: pieceSize })
  },
  remove: async () => undefined,
}

/** Between two pieces no connection is held. */
async function* pieces(db: Db, id: number, size: number, first: Buffer): AsyncGenerator<Buffer> {
  let offset = 0
  for (let piece = first; ; piece = await readPiece(db, id, offset)) {
    // The reader must not wait for what never comes.
    if (piece.length === 0) throw new Error(`attachment ${id} has ${offset} bytes instead of ${size}`)
    yield piece
    offset += piece.length
    if (offset >= size) return
  }
}

async function readPiece(db: Db, id: number, offset: number): Promise<Buffer> {
  const { rows } = await db.raw(
    'select substring(bytes from ? for ?) as piece from attachment_contents where attachment_id = ?',
    [offset + 1, pieceSize, id],
  )
  if (rows.length === 0) throw attachmentNotFound()
  return rows[0].piece
}
