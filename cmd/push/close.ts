/** WebSocket close codes of the contract. */
export const closeCodes = {
  tooLarge: 1009,
  internal: 1011,
  /** The server is going away; the reason says when to come back. */
  restart: 1012,
  sessionEnded: 4001,
  slow: 4008,
  notJson: 4400,
} as const
