// dynalite ships no types. Only what the embedded DynamoDB uses of it is described.
declare module 'dynalite' {
  import type { Server } from 'node:http'

  interface DynaliteOptions {
    /** Folder of the LevelDB store; absent: in memory. */
    path?: string
    /** How long a table stays in CREATING, in milliseconds. */
    createTableMs?: number
    deleteTableMs?: number
    updateTableMs?: number
  }

  export default function dynalite(options?: DynaliteOptions): Server
}
