import { type RefObject, useLayoutEffect } from 'react'

/** Keeps what is at the lower edge of a scroller there when it becomes lower or higher: one writes a longer text, a phone shows its keyboard. */
export function useKeepBottom(scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const node = scroller.current
    if (!node) return
    let height = node.clientHeight
    // As it was before the browser, making it fit a higher scroller, changed it.
    let top = node.scrollTop
    const remember = () => {
      top = node.scrollTop
    }
    const observer = new ResizeObserver(() => {
      if (node.clientHeight === height) return
      node.scrollTop = top + height - node.clientHeight
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
