/** Takes the server's WebSocket frames apart without copying them, except those that two reads share. */
export class FrameReader {
  readonly #onFrame: (opcode: number, buffer: Buffer, start: number, end: number) => void
  #pending: Buffer | undefined
  #length = 0

  /** `onFrame` gets the payload as a range of a buffer that is overwritten after it returns. */
  constructor(onFrame: (opcode: number, buffer: Buffer, start: number, end: number) => void) {
    this.#onFrame = onFrame
  }

  feed(buffer: Buffer, start: number, end: number): void {
    let at = this.#length > 0 ? this.#complete(buffer, start, end) : start
    while (at < end) {
      const size = frameSize(buffer, at, end)
      if (size === 0 || at + size > end) {
        this.#keep(buffer, at, end)
        return
      }
      this.#emit(buffer, at, size)
      at += size
    }
  }

  #keep(buffer: Buffer, start: number, end: number): void {
    const need = this.#length + end - start
    if (!this.#pending || this.#pending.length < need) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2048, need))
      this.#pending?.copy(larger, 0, 0, this.#length)
      this.#pending = larger
    }
    buffer.copy(this.#pending, this.#length, start, end)
    this.#length = need
  }

  /** Finishes the frame that the last read began. Returns where the next one starts. */
  #complete(buffer: Buffer, start: number, end: number): number {
    let at = start
    while (at < end) {
      const size = frameSize(this.#pending!, 0, this.#length)
      // Byte by byte until the header says how long the frame is.
      const take = Math.min(end - at, size === 0 ? 1 : size - this.#length)
      this.#keep(buffer, at, at + take)
      at += take
      if (frameSize(this.#pending!, 0, this.#length) === this.#length) {
        const whole = this.#length
        this.#length = 0
        this.#emit(this.#pending!, 0, whole)
        break
      }
    }
    return at
  }

  #emit(buffer: Buffer, at: number, size: number): void {
    this.#onFrame(buffer[at]! & 0x0f, buffer, at + headerSize(buffer[at + 1]!), at + size)
  }
}

const headerSize = (second: number): number => (second < 126 ? 2 : second === 126 ? 4 : 10)

/** The length of the frame that begins at `start`; 0 while too little of it is there to know. */
function frameSize(buffer: Buffer, start: number, end: number): number {
  if (end - start < 2) return 0
  const second = buffer[start + 1]!
  const header = headerSize(second)
  if (end - start < header) return 0
  if (header === 2) return 2 + second
  if (header === 4) return 4 + buffer.readUInt16BE(start + 2)
  return 10 + Number(buffer.readBigUInt64BE(start + 2))
}

/** A client's frame. It must be masked; the mask is zero, which leaves the payload as it is. At most 125 bytes. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload])
}

/**
 * The position in a text frame, 0 when it has none. Looks only at the bytes where it must be: it is asked for every message.
 * Knows events of /stream, alerts of an inbox, and events of /stream inside a Socket.IO packet.
 */
export function positionIn(buffer: Buffer, start: number, end: number): number {
  if (buffer[start] === quote4) return buffer[start + 1] === quote2 ? digitsFrom(buffer, start + 38) : 0
  if (buffer[start + 2] !== letterT) return digitsBefore(buffer, end - 1)
  return buffer[start + 9] === letterE && buffer[start + 10] === letterV ? digitsFrom(buffer, start + 27) : 0
}

// 42["event",{"type":"event","position":…  and  {"type":"event","position":…  and  {"id":…,"position":…}
const [quote4, quote2, letterT, letterE, letterV] = Buffer.from('42tev')

function digitsFrom(buffer: Buffer, start: number): number {
  let value = 0
  for (let i = start; ; i++) {
    const digit = buffer[i]! - 48
    if (!(digit >= 0 && digit <= 9)) return value
    value = value * 10 + digit
  }
}

function digitsBefore(buffer: Buffer, end: number): number {
  let start = end
  while (buffer[start - 1]! >= 48 && buffer[start - 1]! <= 57) start--
  return digitsFrom(buffer, start)
}
