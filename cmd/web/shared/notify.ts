import { textOf } from '../api/problem.ts'

/** A word in passing, above everything; it goes by itself. Loaded when there is one to say. */
export function notify(message: string): void {
  void show({ message })
}

/** The same of what went wrong where there is no place to say it. */
export function notifyFailure(error: unknown): void {
  void show({ message: textOf(error), color: 'red' })
}

async function show(notice: { message: string; color?: string }): Promise<void> {
  const { notifications } = await import('@mantine/notifications')
  notifications.show({ ...notice, closeButtonProps: { 'aria-label': 'Close' } })
}
