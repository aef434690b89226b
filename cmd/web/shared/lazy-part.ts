import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

interface Module<P> {
  default: ComponentType<P>
}

/**
 * React's `lazy`, which renders at once when `load` has been called before and the code is there. Else React, once it has shown what stands
 * in for it, leaves that for 300 ms.
 */
export function lazyPart<P>(
  fetch: () => Promise<Module<P>>,
): LazyExoticComponent<ComponentType<P>> & { load: () => Promise<unknown> } {
  let loaded: Module<P> | undefined
  const load = async () => {
    loaded = await fetch()
    return loaded
  }
  // biome-ignore lint/suspicious/noThenProperty: a thenable that answers in the call, where a promise would only do so later
  const atOnce = () => ({ then: (onLoaded: (module: Module<P>) => void) => onLoaded(loaded!) }) as Promise<Module<P>>
  return Object.assign(
    lazy(() => (loaded ? atOnce() : load())),
    { load },
  )
}
