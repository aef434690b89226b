import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dump } from 'js-yaml'
import type { Alert, Group } from './rules/index.ts'

const tests = path.join(import.meta.dirname, 'rule-tests')

/** Only the description: the others are the same for every alert of a name, and rules.test.ts looks at them. */
function withoutFixedTexts(group: Group): Group {
  const isAlert = (rule: Group['rules'][number]): rule is Alert => 'alert' in rule
  return {
    ...group,
    rules: group.rules.map((rule) =>
      isAlert(rule)
        ? { ...rule, annotations: { description: rule.annotations.description } as Alert['annotations'] }
        : rule,
    ),
  }
}

/**
 * Has promtool check the groups and run the tests of rule-tests/ on them, or those of the file whose name begins with `only`. Returns what
 * is wrong, '' when nothing is.
 */
export function checkRules(promtool: string, groups: readonly Group[], only = ''): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'belfry-rules-'))
  const run = (...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync(promtool, args, { cwd: directory, encoding: 'utf8' })
    if (error) throw error
    return status === 0 ? '' : `promtool ${args.join(' ')}\n${stdout}${stderr}`
  }
  try {
    writeFileSync(path.join(directory, 'all.yaml'), dump({ groups }, { lineWidth: -1, noRefs: true }))
    const wrong = run('check', 'rules', '--lint=all', '--lint-fatal', 'all.yaml')
    if (wrong) return wrong
    // A file for each group: a test evaluates all that it names, and long windows take long.
    for (const group of groups.map(withoutFixedTexts))
      writeFileSync(
        path.join(directory, `${group.name}.yaml`),
        dump({ groups: [group] }, { lineWidth: -1, noRefs: true }),
      )
    const files = readdirSync(tests).filter((file) => file.endsWith('.test.yaml') && file.startsWith(only))
    for (const file of files) copyFileSync(path.join(tests, file), path.join(directory, file))
    return run('test', 'rules', ...files)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
