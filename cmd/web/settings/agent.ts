export interface Agent {
  kind: 'computer' | 'phone' | 'program'
  /** "Firefox on Linux". */
  text: string
}

// The first that fits: every browser names those that it wants to be taken for.
const browsers: [RegExp, string][] = [
  [/\b(Edg|EdgA|EdgiOS)\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/\S+ .*\bSafari\//, 'Safari'],
]
const systems: [RegExp, string, Agent['kind']][] = [
  [/\biPhone\b/, 'iPhone', 'phone'],
  [/\biPad\b/, 'iPad', 'phone'],
  [/\bAndroid\b/, 'Android', 'phone'],
  [/\bWindows\b/, 'Windows', 'computer'],
  [/\bMac OS X\b/, 'macOS', 'computer'],
  [/\bCrOS\b/, 'ChromeOS', 'computer'],
  [/\bLinux\b/, 'Linux', 'computer'],
]

/** What a User-Agent header says, for people. It says what it likes, so this is a hint and no proof. */
export function agentOf(header: string | null): Agent {
  const browser = browsers.find(([pattern]) => pattern.test(header ?? ''))?.[1]
  const system = systems.find(([pattern]) => pattern.test(header ?? ''))
  if (browser && system) return { kind: system[2], text: `${browser} on ${system[1]}` }
  if (system) return { kind: system[2], text: `A browser on ${system[1]}` }
  return { kind: 'program', text: header?.split(/[\s(]/)[0] || 'Unknown program' }
}
