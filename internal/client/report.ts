/** Tells whoever looks at the console what nobody else is told of. */
export function report(what: string, error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: there is no log here, and losing it silently would be worse.
  console.error(`belfry: ${what}`, error)
}
