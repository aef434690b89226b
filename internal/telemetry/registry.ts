import { Registry } from 'prom-client'

/** A registry that goes on without a metric that cannot be read: the others must not be lost with it. */
export class TolerantRegistry extends Registry {
  readonly #onError: (error: unknown) => void

  /** @param onError told of each metric that was left out of an answer */
  constructor(onError: (error: unknown) => void) {
    super()
    this.#onError = onError
  }

  override async metrics(): Promise<string> {
    const texts = await Promise.all(this.getMetricsAsArray().map(({ name }) => this.#text(name)))
    return `${texts.filter((text) => text !== '').join('\n\n')}\n`
  }

  async #text(name: string): Promise<string> {
    try {
      return await this.getSingleMetricAsString(name)
    } catch (error) {
      this.#onError(error)
      return ''
    }
  }
}
