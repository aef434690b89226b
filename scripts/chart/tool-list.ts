/** A program that is built from a Go module. */
export interface Tool {
  module: string
  version: string
  /** The main package within the module. */
  main: string
  /** What the linker is to write into it, so that it can tell its version. */
  set: Readonly<Record<string, string>>
  tags?: string
  /** How one on PATH is asked for its version; it must answer `answer`. Without, any does. */
  ask?: readonly string[]
  answer?: RegExp
}

/** The tools of `npm run test:chart`, by the name that they are called by. */
export const tools = {
  helm: {
    module: 'helm.sh/helm/v4',
    version: 'v4.3.1',
    main: './cmd/helm',
    set: { 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' },
    ask: ['version', '--short'],
    answer: /^v4\.3\.1\b/,
  },
  helm3: {
    module: 'helm.sh/helm/v3',
    version: 'v3.22.0',
    main: './cmd/helm',
    set: { 'helm.sh/helm/v3/internal/version.version': 'v3.22.0' },
    ask: ['version', '--short'],
    answer: /^v3\.22\.0\b/,
  },
  'helm-unittest': {
    module: 'github.com/helm-unittest/helm-unittest',
    version: 'v1.1.2',
    main: './cmd/helm-unittest',
    set: {},
  },
  'helm-docs': {
    module: 'github.com/norwoodj/helm-docs',
    version: 'v1.14.2',
    main: './cmd/helm-docs',
    set: { 'main.version': '1.14.2' },
    ask: ['--version'],
    answer: /\b1\.14\.2\b/,
  },
  kubeconform: {
    module: 'github.com/yannh/kubeconform',
    version: 'v0.8.0',
    main: './cmd/kubeconform',
    set: { 'main.version': 'v0.8.0' },
    ask: ['-v'],
    answer: /^v0\.8\.0\b/,
  },
  'kube-score': {
    module: 'github.com/zegl/kube-score',
    version: 'v1.20.0',
    main: './cmd/kube-score',
    set: { 'main.version': '1.20.0' },
    ask: ['version'],
    answer: /\b1\.20\.0\b/,
  },
  promtool: {
    module: 'github.com/prometheus/prometheus',
    version: 'v0.309.1',
    main: './cmd/promtool',
    set: { 'github.com/prometheus/common/version.Version': '3.9.1' },
    // Service discovery is most of it, and not needed.
    tags: 'remove_all_sd',
    ask: ['--version'],
    // Debian's will do: the rules are those that both understand.
    answer: /version (2\.42|3)\./,
  },
} as const satisfies Record<string, Tool>

export type ToolName = keyof typeof tools
