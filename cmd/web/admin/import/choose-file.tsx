import { Button, FileButton } from '@mantine/core'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import classes from './import.module.css'

const example = 'email,phone_number\nann.lee@example.com,+1 212 555 1234\nbo@example.com,+49 30 901820'

/** Takes a file that is dropped or chosen. */
export function ChooseFile({ onChoose }: { onChoose: (file: File) => void }) {
  const [isOver, setOver] = useState(false)

  function onDrop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file) onChoose(file)
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a short cut for the mouse; the button does the same */}
      <div
        className={classes.drop}
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <IconFileSpreadsheet size={40} stroke={1.5} aria-hidden="true" />
        <p>Drop a CSV file here</p>
        <FileButton onChange={(file) => file && onChoose(file)} accept=".csv,.txt,text/csv,text/plain">
          {(props) => (
            <Button {...props} size="md">
              Choose a file
            </Button>
          )}
        </FileButton>
      </div>
      <p className={classes.note}>
        Its first line names the columns <code>email</code> and <code>phone_number</code>, in any order; others are not
        used. Nothing is added before you have seen what is in it, and whoever is there already is not added again.
      </p>
      <pre className={classes.example}>{example}</pre>
    </>
  )
}
