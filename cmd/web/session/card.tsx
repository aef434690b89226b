import type { ReactNode } from 'react'
import { useEffect } from 'react'
import classes from './card.module.css'

/** What stands before one is logged in: one card. */
export function Card({ title, notice, children }: { title: string; notice?: string | undefined; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Belfry`
  }, [title])
  return (
    <main className={classes.screen}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <img src="/favicon.svg" alt="" width={40} height={40} />
          <span>Belfry</span>
        </div>
        {notice && (
          <p className={classes.notice} role="status">
            {notice}
          </p>
        )}
        <h1>{title}</h1>
        {children}
      </div>
      <p className={classes.foot}>Messages and alerts, and who got them.</p>
    </main>
  )
}
