import { severityWord } from '../alerts/severity.tsx'
import { isNotifiable, showNotice } from '../notifications/desktop.ts'
import type { Item } from './items.ts'

/** Hertz; how often they are struck says how urgent it is. */
const tones = [880, 660]
const strokes: Record<Item['severity'], number> = { info: 1, warning: 2, critical: 5 }

/** Calls by sound, by vibration, and by a notification where the page is not in sight. Silent until it was turned on by a tap. */
export class Bell {
  #audio: AudioContext | undefined

  /** To be called from a tap, before which browsers allow no sound. */
  async turnOn(): Promise<void> {
    this.#audio ??= new AudioContext()
    await this.#audio.resume()
    this.#strike(1)
    if (isNotifiable() && Notification.permission === 'default') await Notification.requestPermission()
  }

  async turnOff(): Promise<void> {
    await this.#audio?.close()
    this.#audio = undefined
  }

  call({ id, severity, text }: Item): void {
    // Before the first tap the browser would refuse, and say so in the console.
    if (severity === 'critical' && navigator.userActivation?.hasBeenActive)
      navigator.vibrate?.([400, 150, 400, 150, 400])
    if (!this.#audio) return
    this.#strike(strokes[severity])
    if (document.visibilityState === 'hidden')
      showNotice({ tag: `belfry-alert-${id}`, title: `${severityWord(severity)} alert`, body: text })
  }

  #strike(times: number): void {
    const audio = this.#audio
    if (!audio) return
    for (let stroke = 0; stroke < times; stroke++)
      for (const [index, frequency] of tones.entries()) {
        const start = audio.currentTime + stroke * 0.7 + index * 0.25
        const loudness = new GainNode(audio, { gain: 0 })
        loudness.gain.setValueAtTime(0.35, start)
        loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.5)
        const tone = new OscillatorNode(audio, { frequency })
        tone.connect(loudness).connect(audio.destination)
        tone.start(start)
        tone.stop(start + 0.5)
      }
  }
}
