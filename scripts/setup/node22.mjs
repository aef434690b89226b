import { spawnSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'

/** Sees to it that ./node_modules/.bin/node is a Node 22 that runs here: that of the npm packages, else the one that runs this. */
export function ensureNode22(root) {
  const bin = path.join(root, 'node_modules/.bin/node')
  const version = spawnSync(bin, ['--version'], { encoding: 'utf8' }).stdout
  if (fits(version)) return
  if (!fits(process.version)) {
    throw new Error(
      `There is no Node 22 package that runs on ${process.platform}-${process.arch}: install Node 22.19 or a newer 22 and run this with it (this is ${process.version}).`,
    )
  }
  rmSync(bin, { force: true })
  symlinkSync(process.execPath, bin)
}

function fits(version) {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version ?? '') ?? []
  return Number(major) === 22 && Number(minor) >= 19
}
