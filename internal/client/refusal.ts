import type { StreamState } from './types.ts'

const limitMs = 10_000

/**
 * Why the upgrade was refused, which a WebSocket does not tell: asks by HTTP with the same token. Undefined when that is no reason to
 * give up: all is well there, Belfry is not ready, it cannot be reached, or who answers is not Belfry but a proxy before it.
 */
export async function findRefusal(
  url: string,
  token: string,
  signal: AbortSignal,
): Promise<StreamState['reason'] | undefined> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    })
    const { code } = await problemIn(response)
    if (code === undefined) return undefined
    if (response.status === 401) return 'session'
    // A push process by itself knows neither of these paths, and says so with another code.
    return response.status === 403 || code === 'object_not_found' ? 'forbidden' : undefined
  } catch {
    return undefined
  }
}

/** The problem document of an answer; nothing in it when that is none. Rejects when the connection breaks. */
export async function problemIn(response: Response): Promise<{ code?: string; detail?: string }> {
  const type = response.headers.get('content-type') ?? ''
  if (type.startsWith('application/problem+json')) return (await response.json()) as { code?: string; detail?: string }
  await response.body?.cancel()
  return {}
}
