/** Paper and teal, brass only in the bell. Every pair of text and ground has a contrast of 5.1 or more, edges of controls 3.3. */
export const light = {
  bg: '#f6f4ef',
  surface: '#ffffff',
  sunk: '#efece5',
  line: '#dcd7cc',
  edge: '#8a857a',
  text: '#1b2429',
  dim: '#59636a',
  accent: '#0b6468',
  'accent-soft': '#dcefee',
  button: '#0b6468',
  warn: '#8a5300',
  'warn-soft': '#fdefd2',
  critical: '#b3261e',
  'critical-soft': '#fce4e1',
  info: '#37566b',
  'info-soft': '#e3ecf2',
  // Certainty deepens one hue.
  delivered: '#b5dcda',
  read: '#2f9795',
  acknowledged: '#063f43',
}

export type Palette = typeof light

export const dark: Palette = {
  bg: '#11171a',
  surface: '#192125',
  sunk: '#0d1214',
  line: '#2b363b',
  edge: '#6f7e85',
  text: '#e7ecec',
  dim: '#9dacb1',
  accent: '#5cc4c2',
  'accent-soft': '#16383a',
  button: '#157a7c',
  warn: '#f0b95a',
  'warn-soft': '#3a2b10',
  critical: '#ff9a90',
  'critical-soft': '#431b19',
  info: '#a5c3d6',
  'info-soft': '#1d2f3a',
  delivered: '#24494b',
  read: '#3a8f8e',
  acknowledged: '#8fe3e0',
}
