import path from 'node:path'
import type { Context, Middleware } from 'koa'
import { Problem } from '#internal/runtime/problem'
import { readWebFiles, type WebFile } from './files.ts'

/** Label of these requests in metrics, where others have the path of their route. */
export const webRoute = 'ui'

/** Scripts, styles and requests to this host alone; `blob:` for attachments, which are fetched with credentials. */
const pagePolicy =
  "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const page = '/index.html'

/**
 * Comes after the router: answers GET and HEAD with the files that the build has made in `directory`. The page itself answers for
 * every path at which neither a route nor a file is, when a browser asks for a page: its script knows these paths, e.g. /topics/1.
 */
export function serveWeb(directory: string): Middleware {
  const files = readWebFiles(directory)
  return (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next()
    const name = ctx.path === '/' ? page : ctx.path
    const file = files.get(name)
    if (file) return answer(ctx, name, file)
    if (!wantsPage(ctx)) return next()
    ctx.vary('Accept')
    const index = files.get(page)
    if (index) return answer(ctx, page, index)
    throw new Problem('not_found', 'ui_not_built', 'There is no user interface here: `npm run build` makes it.')
  }
}

// An asset that is gone, of an older build, must not turn into a page: a browser would take it for a script.
const wantsPage = (ctx: Context) => !/^\/(api|assets)\//.test(ctx.path) && /\btext\/html\b/.test(ctx.get('accept'))

function answer(ctx: Context, name: string, file: WebFile): void {
  ctx.state.route = { path: webRoute }
  // The names of assets have a hash of what is in them.
  const isForEver = name.startsWith('/assets/')
  ctx.set('Cache-Control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (name === page) ctx.set('Content-Security-Policy', pagePolicy)
  ctx.status = 200
  ctx.type = path.extname(name)
  ctx.etag = file.etag
  if (file.br || file.gzip) ctx.vary('Accept-Encoding')
  if (ctx.fresh) {
    ctx.status = 304
    return
  }
  const encoding = (['br', 'gzip'] as const).find((one) => file[one] && ctx.acceptsEncodings(one))
  if (encoding) ctx.set('Content-Encoding', encoding)
  ctx.body = file[encoding ?? 'identity']
}
