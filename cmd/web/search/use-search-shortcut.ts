import { useEffect } from 'react'
import { useLocation } from 'wouter'

/** Id of the field on the search page. */
export const searchFieldId = 'search-words'

/** `/` leads to the search from everywhere, unless one is writing or a dialog is open. */
export function useSearchShortcut(): void {
  const [, navigate] = useLocation()
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (isWriting(event.target) || document.querySelector('[role="dialog"]')) return
      event.preventDefault()
      const field = document.getElementById(searchFieldId)
      // Elsewhere the page takes the focus as it opens.
      if (field instanceof HTMLInputElement) field.select()
      else navigate('/search')
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [navigate])
}

const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
