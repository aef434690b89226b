import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'
import { dark, light, type Palette } from './palette.ts'

const teal: MantineColorsTuple = [
  ...(['#eef7f6', '#dcefee', '#b5dcda', '#8fcac8', '#5cb3b1'] as const),
  ...(['#2f9795', '#157a7c', '#0b6468', '#085256', '#063f43'] as const),
]
const red: MantineColorsTuple = [
  ...(['#fdf1f0', '#fce4e1', '#f8c4be', '#f19c94', '#e8746a'] as const),
  ...(['#d9483d', '#c9382d', '#b3261e', '#921d17', '#701611'] as const),
]
const amber: MantineColorsTuple = [
  ...(['#fff8e8', '#fdefd2', '#f9dda3', '#f3c871', '#e9b04b'] as const),
  ...(['#d0922a', '#935f0a', '#8a5300', '#6d4200', '#503000'] as const),
]

// The grounds, edges and texts of the dark scheme, from the lightest to the darkest.
const night: MantineColorsTuple = [
  ...([dark.text, '#c3cdd0', dark.dim, '#86959b', dark.edge] as const),
  ...([dark.line, dark.surface, dark.bg, dark.sunk, '#080c0e'] as const),
]

/** What Mantine's components look like. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal, red, amber, dark: night },
  white: '#ffffff',
  black: '#1b2429',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '680' },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.4', xl: '1.3' },
  radius: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: {
        lockScroll: false,
        centered: true,
        transitionProps: { duration: 120 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
    Drawer: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } } },
    Menu: { defaultProps: { shadow: 'md', position: 'bottom-end' } },
  },
})

const own = (palette: Palette) =>
  Object.fromEntries(Object.entries(palette).map(([name, value]) => [`--b-${name}`, value]))

const mantine = (p: Palette) => ({
  // Edges of fields in the light scheme.
  '--mantine-color-gray-4': p.edge,
  '--mantine-color-body': p.surface,
  '--mantine-color-text': p.text,
  '--mantine-color-dimmed': p.dim,
  '--mantine-color-placeholder': p.dim,
  '--mantine-color-anchor': p.accent,
  '--mantine-color-error': p.critical,
  '--mantine-color-default': p.surface,
  '--mantine-color-default-hover': p.sunk,
  '--mantine-color-default-color': p.text,
  '--mantine-color-default-border': p.edge,
  '--mantine-color-disabled': p.sunk,
  '--mantine-color-disabled-color': p.dim,
  '--mantine-color-disabled-border': p.line,
  '--mantine-color-teal-filled': p.button,
  '--mantine-color-teal-text': p.accent,
  '--mantine-color-teal-light': p['accent-soft'],
  '--mantine-color-teal-light-color': p.accent,
  '--mantine-color-red-light': p['critical-soft'],
  '--mantine-color-red-light-color': p.critical,
  '--mantine-color-red-text': p.critical,
  '--mantine-color-amber-light': p['warn-soft'],
  '--mantine-color-amber-light-color': p.warn,
  '--mantine-color-amber-text': p.warn,
})

/** The palette as CSS variables: `--b-*` for our own styles, and those of Mantine that they stand behind. */
export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...own(light), ...mantine(light) },
  dark: { ...own(dark), ...mantine(dark) },
})
