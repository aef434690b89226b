import { readFileSync } from 'node:fs'

// Ticks of /proc/<pid>/stat: 100 a second on every Linux that Node runs on.
const ticksPerSecond = 100

/** CPU seconds, user and system, that a process has used so far. */
export function cpuSeconds(pid: number): number {
  // The name, in brackets, may hold spaces: count fields after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resident memory of a process in KB. */
export function residentKb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

/** How many files a process started by us may open. */
export function fileLimit(): number {
  const [, , hard] = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard)
}
