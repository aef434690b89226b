import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Follower } from '../clients/followers.ts'
import { writersCount } from '../clients/writers-count.ts'
import { type AlertWrite, readLines } from '../record/alerts.ts'
import { readFrames } from '../record/frames.ts'
import { Writes } from '../record/writes.ts'
import type { Findings } from '../system/findings.ts'
import type { Step, World } from '../world/world.ts'
import type { Evidence } from './reconcile.ts'
import { loadRecording } from './recording.ts'

/** Reads what writers and followers wrote down. */
export function readEvidence(world: World, followers: readonly Follower[], findings: Findings): Evidence {
  const { directory } = world
  const alertFiles = readdirSync(directory).filter((name) => name.startsWith('alerts-'))
  return {
    world,
    writes: Array.from({ length: writersCount }, (_, i) => Writes.read(path.join(directory, `writes-${i}`))),
    alerts: alertFiles.flatMap((name) => readLines<AlertWrite>(path.join(directory, name))),
    steps: readLines<Step>(path.join(directory, 'steps')),
    followers: followers.map((follower) => ({
      follower,
      recording: loadRecording(follower.name, readFrames(follower.path), findings),
    })),
  }
}
