import { ApiException, KubeConfig, type RequestContext } from '@kubernetes/client-node'

const keptMs = 600_000

/**
 * The way to the API server: KUBECONFIG, else the service account of the pod. The library by itself opens a TLS connection for each
 * request and waits for an answer without a limit; this keeps the connections, for so long that a new certificate authority is noticed.
 */
export class Kube extends KubeConfig {
  readonly #timeoutMs: number
  #kept?: { dispatcher: ReturnType<RequestContext['getDispatcher']>; until: number }

  constructor(timeoutMs = 15_000) {
    super()
    this.#timeoutMs = timeoutMs
    this.loadFromDefault()
  }

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    if (!this.#kept || performance.now() > this.#kept.until)
      this.#kept = { dispatcher: context.getDispatcher(), until: performance.now() + keptMs }
    if (this.#kept.dispatcher) context.setDispatcher(this.#kept.dispatcher)
    // Watches have a signal of their own.
    context.setSignal(AbortSignal.timeout(this.#timeoutMs))
  }

  /** That of the current context: in a pod the pod's own. */
  namespace(): string {
    return this.getContextObject(this.getCurrentContext())?.namespace ?? 'default'
  }
}

/** HTTP status of what the API server answered; undefined when it did not. */
export const codeOf = (error: unknown): number | undefined => (error instanceof ApiException ? error.code : undefined)

/** The server's own words in a line; of other errors the message and what caused it. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiException) {
    try {
      const { message } = JSON.parse(error.body)
      if (message) return message
    } catch {
      // Not from the API server itself, but from something in front of it.
    }
    return `the API server answered ${error.code}`
  }
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message}: ${cause.message || (cause as NodeJS.ErrnoException).code}` : message
}
