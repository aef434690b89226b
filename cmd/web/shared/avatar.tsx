import classes from './avatar.module.css'

const hues = 8

/** Initials on a tint that is always the same for a name. */
export function Avatar({ name, size = 36 }: { name: string; size?: number }) {
  let sum = 0
  for (const char of name) sum = (sum * 31 + char.codePointAt(0)!) >>> 0
  const initials = name
    .split(/[\s._-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((part) => [...part][0]!.toLocaleUpperCase())
    .join('')
  return (
    <span
      className={classes.avatar}
      data-hue={sum % hues}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
      aria-hidden="true"
    >
      {initials}
    </span>
  )
}
