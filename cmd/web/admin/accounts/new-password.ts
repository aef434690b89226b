// Without those that are taken for one another.
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const length = 16

/** 92 random bits that can be read aloud. */
export function newPassword(): string {
  const fair = 256 - (256 % letters.length)
  let password = ''
  while (password.length < length)
    for (const byte of crypto.getRandomValues(new Uint8Array(length)))
      if (byte < fair && password.length < length) password += letters[byte % letters.length]
  return password
}
