/** Characters of a WebSocket subprotocol, which the token is sent as. */
const tokenPattern = /^[\w!#$%&'*+.^`|~-]+$/

/** The base URL without a slash at its end. @throws TypeError when it is no http(s) URL or the token cannot be one */
export function checkedBase(url: string, token: string): string {
  if (!/^https?:$/.test(new URL(url).protocol)) throw new TypeError(`${url} is not http or https.`)
  if (!tokenPattern.test(token))
    throw new TypeError('The token is empty or has characters that no token of Belfry has.')
  return url.replace(/\/+$/, '')
}

/** The WebSocket endpoint at this path, from this cursor on. */
export function socketAddress(base: string, path: string, cursor: number | undefined): string {
  return `${base.replace(/^http/i, 'ws')}${path}${cursor === undefined ? '' : `?cursor=${cursor}`}`
}
