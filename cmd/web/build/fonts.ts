import type { Plugin } from 'vite'

/** Of the fonts of Fontsource only the faces for Latin letters: each face that its CSS names would come into the output. */
export function latinFonts(): Plugin {
  return {
    name: 'belfry-latin-fonts',
    enforce: 'pre',
    transform: {
      filter: { id: /\/@fontsource[^/]*\/.*\.css(\?|$)/ },
      handler(css) {
        const faces = css.match(/@font-face\s*\{[^}]*\}/g) ?? []
        return faces.filter((face) => /-latin(-ext)?-/.test(face)).join('\n')
      },
    },
  }
}
