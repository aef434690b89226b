import { type RefObject, useEffect, useRef } from 'react'

/** Nobody reads faster. */
const lookMs = 1000

/** Calls `onSeen` once when an element was in view on a visible page for a moment. Not while `isDone`. */
export function useSeen(element: RefObject<HTMLElement | null>, isDone: boolean, onSeen: () => void): void {
  const latest = useRef(onSeen)
  latest.current = onSeen
  useEffect(() => {
    const seen = element.current
    if (isDone || !seen) return
    let isInView = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (isInView && document.visibilityState === 'visible') timer = setTimeout(() => latest.current(), lookMs)
    }
    const observer = new IntersectionObserver(
      ([entry]) => {
        // A long text need not fit on the screen.
        const { intersectionRatio, intersectionRect, rootBounds } = entry!
        isInView = intersectionRatio >= 0.5 || intersectionRect.height >= (rootBounds?.height ?? innerHeight) / 2
        look()
      },
      { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
    )
    observer.observe(seen)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      observer.disconnect()
      document.removeEventListener('visibilitychange', look)
    }
  }, [element, isDone])
}
