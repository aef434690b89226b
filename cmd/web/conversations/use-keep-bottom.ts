import { type RefObject, useLayoutEffect } from 'react'

const endPx = 2

/** Keeps what is at the lower edge of a scroller there when it becomes lower or higher: one writes a longer text, a phone shows its keyboard. */
export function useKeepBottom(scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const node = scroller.current
    if (!node) return
    let height = node.clientHeight
    // As they were before: to make it fit a higher scroller, the browser changes where it stands.
    let top = node.scrollTop
    let isAtEnd = false
    const remember = () => {
      top = node.scrollTop
      isAtEnd = node.scrollHeight - node.clientHeight - top <= endPx
    }
    const observer = new ResizeObserver(() => {
      if (node.clientHeight === height) return
      node.scrollTop = isAtEnd ? node.scrollHeight : top + height - node.clientHeight
      height = node.clientHeight
      remember()
    })
    observer.observe(node)
    node.addEventListener('scroll', remember, { passive: true })
    return () => {
      observer.disconnect()
      node.removeEventListener('scroll', remember)
    }
  }, [scroller])
}
