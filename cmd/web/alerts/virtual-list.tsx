import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import classes from './virtual-list.module.css'

export interface VirtualListProps<T> {
  items: T[]
  keyOf: (item: T) => number | string
  children: (item: T) => ReactNode
  /** What scrolls, once it is there; the list is somewhere in it, perhaps below other things. */
  scroller: HTMLElement | null
  /** Pixels, of a row that was not measured yet. */
  rowHeight: number
  label: string
  /** Of all rows, those that were not loaded included. */
  total?: number
  /** Called whenever the end is near, while there is more. */
  onEnd?: (() => void) | undefined
}

/** A list of any length, of which only what is in view is on the page. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, keyOf, children, scroller, rowHeight, label, total, onEnd } = props
  const list = useRef<HTMLDivElement>(null)
  const margin = useOffset(list, scroller)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyOf(items[index]!),
    overscan: 6,
    scrollMargin: margin,
  })
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? -1
  useEffect(() => {
    if (last >= items.length - 10) onEnd?.()
  }, [last, items.length, onEnd])
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed one by one, which <ul> has no need of
    <div
      ref={list}
      className={classes.list}
      style={{ height: virtualizer.getTotalSize() }}
      role="list"
      aria-label={label}
    >
      {rows.map(({ key, index, start }) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div
          key={key}
          ref={virtualizer.measureElement}
          data-index={index}
          className={classes.row}
          style={{ transform: `translateY(${start - margin}px)` }}
          role="listitem"
          aria-posinset={index + 1}
          aria-setsize={total ?? items.length}
        >
          {children(items[index]!)}
        </div>
      ))}
    </div>
  )
}

/** How far the list is below the top of what scrolls, as things above it grow and shrink. */
function useOffset(list: RefObject<HTMLElement | null>, outer: HTMLElement | null): number {
  const [offset, setOffset] = useState(0)
  useLayoutEffect(() => {
    if (!outer) return
    const measure = () => {
      const top = list.current!.getBoundingClientRect().top - outer.getBoundingClientRect().top
      setOffset(Math.round(top + outer.scrollTop))
    }
    measure()
    const observer = new ResizeObserver(measure)
    for (const child of outer.children) observer.observe(child)
    return () => observer.disconnect()
  }, [list, outer])
  return offset
}
