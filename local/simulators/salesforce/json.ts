// Bodies as they come, before anybody knows what they are.

export type JsonObject = Record<string, unknown>

export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
