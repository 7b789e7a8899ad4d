import type { Listener } from './database.js';

/** Who listens to which channel in this process. */
export class Listeners {
  private readonly byChannel = new Map<string, Set<Listener>>();

  /** True for the first listener of its channel. */
  add(channel: string, listener: Listener): boolean {
    const of = this.byChannel.get(channel);
    if (of === undefined) this.byChannel.set(channel, new Set([listener]));
    else of.add(listener);
    return of === undefined;
  }

  /** True when the channel has none left. */
  remove(channel: string, listener: Listener): boolean {
    const of = this.byChannel.get(channel);
    if (of === undefined || !of.delete(listener) || of.size > 0) return false;
    this.byChannel.delete(channel);
    return true;
  }

  channels(): readonly string[] {
    return [...this.byChannel.keys()];
  }

  tell(channel: string, payload: string | null): void {
    for (const listener of [...(this.byChannel.get(channel) ?? [])]) listener(payload);
  }

  clear(): void {
    this.byChannel.clear();
  }
}
