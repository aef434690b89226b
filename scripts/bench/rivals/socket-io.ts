import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { serve } from '../remote.ts'
import type { Rival } from './bare-uws.ts'
import { eventObject } from './event-frame.ts'

// Socket.IO at its best: WebSocket only, no compression, one room.

const http = createServer()
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
io.on('connection', (socket) => socket.join('alerts'))
let position = 0

serve({
  listen: ({ port }) => new Promise((resolve) => http.listen(port, '127.0.0.1', resolve)),
  publish({ count }) {
    for (let i = 0; i < count; i++) io.to('alerts').emit('event', eventObject(++position))
  },
} satisfies Rival)
