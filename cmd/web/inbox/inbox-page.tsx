export default function InboxPage({ objectId }: { objectId: string }) {
  return <main>{objectId}</main>
}
