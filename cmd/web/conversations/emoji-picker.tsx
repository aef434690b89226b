import {
  type EmojiPickerListCategoryHeaderProps,
  type EmojiPickerListEmojiProps,
  type EmojiPickerListRowProps,
  EmojiPicker as Picker,
} from 'frimousse'
import classes from './emoji-picker.module.css'

/** All emoji, by group and by word; the data comes from this server. */
export default function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <Picker.Root
      className={classes.root!}
      columns={8}
      emojibaseUrl="/emoji"
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <Picker.Search className={classes.search!} placeholder="Search emoji" aria-label="Search emoji" autoFocus />
      <Picker.Viewport className={classes.viewport!}>
        <Picker.Loading className={classes.word!}>Loading…</Picker.Loading>
        <Picker.Empty className={classes.word!}>No such emoji</Picker.Empty>
        <Picker.List className={classes.list!} components={{ CategoryHeader, Row, Emoji }} />
      </Picker.Viewport>
    </Picker.Root>
  )
}

const CategoryHeader = ({ category, ...props }: EmojiPickerListCategoryHeaderProps) => (
  <div className={classes.category} {...props}>
    {category.label}
  </div>
)

const Row = ({ children, ...props }: EmojiPickerListRowProps) => (
  <div className={classes.row} {...props}>
    {children}
  </div>
)

const Emoji = ({ emoji, ...props }: EmojiPickerListEmojiProps) => (
  <button type="button" className={classes.emoji} {...props}>
    {emoji.emoji}
  </button>
)
