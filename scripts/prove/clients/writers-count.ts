/** How many write messages at once. */
export const writersCount = 16
