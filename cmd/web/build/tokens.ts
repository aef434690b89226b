import path from 'node:path'
import { MantineProvider, type MantineProviderProps } from '@mantine/core'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { type Plugin, runnerImport } from 'vite'

interface Theme {
  theme: NonNullable<MantineProviderProps['theme']>
  resolver: NonNullable<MantineProviderProps['cssVariablesResolver']>
}

const themeFile = path.resolve(import.meta.dirname, '../theme/theme.ts')

/**
 * `import 'virtual:tokens.css'`: the CSS variables of the theme. Mantine would write them into a <style> in the page, which the
 * Content-Security-Policy forbids; so MantineProvider is rendered here, with the theme of theme/theme.ts, and its style taken.
 */
export function tokens(): Plugin {
  return {
    name: 'belfry-tokens',
    resolveId: { filter: { id: /^virtual:tokens\.css$/ }, handler: (id) => `\0${id}` },
    load: {
      filter: { id: /^\0virtual:tokens\.css$/ },
      async handler() {
        const { module, dependencies } = await runnerImport<Theme>(themeFile, { configFile: false, logLevel: 'warn' })
        for (const file of [themeFile, ...dependencies]) this.addWatchFile(file)
        return tokensOf(module)
      },
    },
  }
}

function tokensOf({ theme, resolver }: Theme): string {
  const options = { theme, cssVariablesResolver: resolver, withGlobalClasses: false }
  const html = renderToStaticMarkup(createElement(MantineProvider, options))
  const css = /^<style[^>]*>([^<]+)<\/style>$/.exec(html)?.[1]
  if (css === undefined) throw new Error(`MantineProvider was to make one <style>, and made ${html.slice(0, 200)}`)
  return css
}
