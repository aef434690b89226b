import { useEffect, useRef } from 'react'

/** Calls `act` after `sign` has changed: soon, but not more often than every `everyMs`, and not for the first `sign`. */
export function usePaced(sign: string, everyMs: number, act: () => void): void {
  const acted = useRef({ sign, at: Date.now() })
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    if (acted.current.sign === sign) return
    const timer = setTimeout(
      () => {
        acted.current = { sign, at: Date.now() }
        latest.current()
      },
      Math.max(0, acted.current.at + everyMs - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [sign, everyMs])
}
