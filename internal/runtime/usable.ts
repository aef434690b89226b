/** NUL, which PostgreSQL cannot store, and halves of surrogate pairs, which UTF-8 cannot carry. */
const unusable = /\0|\p{Surrogate}/u

export const isUsable = (text: string): boolean => !unusable.test(text)
