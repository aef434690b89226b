import classes from './form-error.module.css'

/** What is wrong with a form as a whole. */
export function FormError({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <p className={classes.error} role="alert">
      {text}
    </p>
  )
}
