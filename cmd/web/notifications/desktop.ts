export interface Notice {
  /** Another one with the same tag takes its place. */
  tag: string
  title: string
  body: string
}

/** Whether the browser knows notifications. Without HTTPS they are never allowed. */
export const isNotifiable = (): boolean => 'Notification' in globalThis && isSecureContext

/** Shows a notification of the system; a click leads to the page. Returns false where the browser does not let it. */
export function showNotice({ tag, title, body }: Notice, onOpen: () => void = () => undefined): boolean {
  if (!isNotifiable() || Notification.permission !== 'granted') return false
  try {
    // `renotify` is not in TypeScript's library: without it one that takes another's place makes no sound.
    const options = { body, tag, renotify: true, icon: '/favicon.svg' } as NotificationOptions
    const notification = new Notification(title, options)
    notification.onclick = () => {
      focus()
      notification.close()
      onOpen()
    }
    return true
  } catch {
    // Chrome on Android has them for service workers only.
    return false
  }
}
