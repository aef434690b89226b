import './theme/layers.css'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import '@fontsource-variable/inter/wght.css'
import 'virtual:tokens.css'
import './theme/app.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueries } from './api/queries.ts'
import { App, fetchFirst } from './app.tsx'
import { theme } from './theme/theme.ts'

// A part of an older build, which a newer one has replaced: the page as a whole is to be loaded again, once.
addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('belfry.reloaded') ?? 0)
  if (Date.now() - last < 60_000) return
  sessionStorage.setItem('belfry.reloaded', String(Date.now()))
  location.reload()
})

/** How long the page may stay empty for want of what the address needs. */
const patienceMs = 300

async function start(): Promise<void> {
  const queries = createQueries()
  const patience = new Promise((resolve) => setTimeout(resolve, patienceMs))
  await Promise.race([fetchFirst(queries).catch(() => undefined), patience])
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      {/* Variables come from tokens.css: what Mantine would write into the page, the content security policy forbids. */}
      <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

void start()
