import { type TemplatedApp, type us_listen_socket, uws } from './uws.ts'

// The declarations know the options argument only without a host.
type ListenWithOptions = (
  host: string,
  port: number,
  options: number,
  listening: (socket: us_listen_socket | false) => void,
) => void

/**
 * Listens, never sharing the port with another process. Returns the port, which matters when 0 was asked for.
 * @throws when the port is taken.
 */
export function listen(app: TemplatedApp, host: string, port: number): Promise<{ port: number; close: () => void }> {
  return new Promise((resolve, reject) => {
    const listening = (socket: us_listen_socket | false) => {
      if (!socket) return reject(new Error(`Port ${port} on ${host} is taken.`))
      const bound = uws.us_socket_local_port(socket)
      let open = true
      const close = () => {
        // Closing twice ends the process.
        if (open) uws.us_listen_socket_close(socket)
        open = false
      }
      resolve({ port: bound, close })
    }
    ;(app.listen as unknown as ListenWithOptions).call(app, host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, listening)
  })
}
