import { dump } from 'js-yaml'
import { badValues, chart, goodValues, type KubernetesObject, render, template } from '../render.ts'
import { run } from '../run.ts'
import type { Check } from './check.ts'

/** Both lines of Helm find nothing to say. */
export const lint: Check = async ({ tools }) => {
  const problems: string[] = []
  for (const { name, file } of goodValues) {
    for (const helm of [tools.helm, tools.helm3]) {
      const args = ['lint', '--strict', '--quiet', '--kube-version', '1.31.0', '--values', file, chart]
      const { code, stdout, stderr } = await run(helm, args)
      if (code !== 0) problems.push(`${name}: ${(stdout + stderr).trim()}`)
    }
  }
  return problems
}

/** Helm 3 makes the same objects as Helm 4. */
export const bothHelms: Check = async ({ tools, rendered }) => {
  const problems: string[] = []
  for (const { values, result } of rendered) {
    const three = await render(tools.helm3, values)
    if (asText(three.objects) !== asText(result.objects))
      problems.push(`${values.name}: Helm 3 and Helm 4 render differently`)
  }
  return problems
}

const asText = (objects: readonly KubernetesObject[]) =>
  objects
    .map((object) => dump(object, { sortKeys: true }))
    .sort()
    .join('---\n')

/** Bad values are refused, with a message that says what is wrong. */
export const refusals: Check = async ({ tools }) => {
  const problems: string[] = []
  for (const { name, file, expected } of badValues) {
    if (expected === undefined) {
      problems.push(`${name}: it does not say what to expect`)
      continue
    }
    const { code, stderr } = await template(tools.helm, file)
    if (code === 0) problems.push(`${name}: it is accepted`)
    else if (!stderr.includes(expected)) problems.push(`${name}: not ${expected}, but ${stderr.trim()}`)
  }
  return problems
}

/** Nothing changes from one rendering to the next: no random values, which GitOps would apply again and again. */
export const stable: Check = async ({ tools, rendered }) => {
  const again = await Promise.all(rendered.map(({ values }) => render(tools.helm, values)))
  return rendered.flatMap(({ values, result }, at) =>
    again[at]!.text === result.text ? [] : [`${values.name}: it renders differently each time`],
  )
}
