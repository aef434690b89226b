import { crc32, deflateSync } from 'node:zlib'

/** Real images of the smallest kind; `padding` bytes more where the format lets one say nothing. */
export function png(width = 3, height = 2, padding = 0): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits of grey.
  header.set([8, 0, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(Math.min(height * (width + 1), 1000)))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    ...(padding > 0 ? [pngChunk('teXt', Buffer.alloc(padding, 0x61))] : []),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** The same with a second frame announced. */
export function animatedPng(): Buffer {
  const plain = png()
  const place = 8 + 25
  return Buffer.concat([
    plain.subarray(0, place),
    pngChunk('acTL', Buffer.from('0000000200000000', 'hex')),
    plain.subarray(place),
  ])
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

export const gif = (): Buffer => Buffer.from('R0lGODlhBQAEAIAAAP///wAAACH5BAAAAAAALAAAAAAFAAQAAAIEhI+pWAA7', 'base64')

/** 7 wide and 4 high as it is stored; Exif orientation 6 says that it is shown on its side. */
export function jpeg(orientation?: number): Buffer {
  const jfif = segment(0xe0, '4a46494600010100000100010000')
  // The TIFF header, and a directory of one entry: tag 0x112, one number of 16 bits.
  const entry = `12010300010000000${orientation ?? 1}000000`
  const exif = segment(0xe1, `45786966000049492a00080000000100${entry}00000000`)
  const frame = segment(0xc0, '080004000701011100')
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    orientation === undefined ? jfif : exif,
    frame,
    Buffer.from('ffd9', 'hex'),
  ])
}

function segment(marker: number, hex: string): Buffer {
  const data = Buffer.from(hex, 'hex')
  return Buffer.concat([Buffer.from([0xff, marker, 0, data.length + 2]), data])
}

/** 1 by 1, lossy. */
export const webp = (): Buffer => Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64')
