import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { Problem } from '#internal/runtime/problem'
import type { MediaType } from './attachment.ts'

/** More would take gigabytes in whatever program shows it, however small the file. */
const maxPixels = 100_000_000

export interface Dimensions {
  width: number
  height: number
}

/**
 * The dimensions of an image as it is shown. @throws 422 when the bytes are not an image of this type, are damaged or show too much.
 */
export async function checkImage(bytes: Buffer, type: MediaType): Promise<Dimensions> {
  if ((await typeOf(bytes)) !== type) throw invalidImage(`The body is not ${type}.`)
  const { width, height } = dimensionsOf(bytes)
  if (width * height === 0) throw invalidImage('The image is empty.')
  if (width * height > maxPixels) throw invalidImage(`The image has more than ${maxPixels / 1e6} million pixels.`)
  return { width, height }
}

/** An animated PNG is a PNG to everybody else. */
async function typeOf(bytes: Buffer): Promise<string | undefined> {
  const mime = (await fileTypeFromBuffer(bytes))?.mime
  return mime === 'image/apng' ? 'image/png' : mime
}

function dimensionsOf(bytes: Buffer): Dimensions {
  try {
    // A copy of its own: past the end of a Buffer the library would read on in whatever shares its memory.
    const { width, height, orientation = 1 } = imageSize(new Uint8Array(bytes))
    // From 5 on a photo lies on its side, and every browser turns it.
    return orientation >= 5 ? { width: height, height: width } : { width, height }
  } catch (cause) {
    throw invalidImage('The image is damaged.', cause)
  }
}

const invalidImage = (detail: string, cause?: unknown) => new Problem('invalid', 'invalid_image', detail, { cause })
