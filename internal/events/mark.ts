/** What a client has of its inbox: everything up to a position, or one alert read or acknowledged. Times are RFC 3339. */
export type Mark =
  | { kind: 'delivered'; object_id: number; position: number; at: string }
  | { kind: 'read' | 'acknowledged'; object_id: number; alert_id: number; at: string }
