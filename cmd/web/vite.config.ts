import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'
import { budget } from './build/budget.ts'
import { compressed } from './build/compress.ts'
import { emoji } from './build/emoji.ts'
import { latinFonts } from './build/fonts.ts'
import { tokens } from './build/tokens.ts'

/** Where `npm start` listens. */
const api = 'http://localhost:8080'

/** scripts/web/build.mjs says where the output goes. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tokens(), latinFonts(), emoji(), budget(), compressed()],
  // The sources of what it imports of internal/.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: {
    target: 'baseline-widely-available',
    // What follows would be inline, which the Content-Security-Policy forbids.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    proxy: { '/api': { target: api, ws: true }, '/inbox': { target: api, ws: true } },
  },
})
