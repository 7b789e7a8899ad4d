import { errors } from '../../errors/index.js';
import type { JsonObject } from '../../protocol/index.js';
import type { Entity, Registry } from '../registry/index.js';
import { open, rewrap, seal, type Envelope, type MasterKey } from './envelope.js';

/** Opens and seals secrets, and knows all values that could leak. */
export class Vault {
  /** By the entity itself: a changed secret is another object, and a removed one is forgotten. */
  private readonly opened = new WeakMap<Entity, string>();

  constructor(private readonly masters: readonly MasterKey[]) {}

  /** The data of a secret entity that is kept of its value. */
  seal(value: string, workspace: string, name: string): JsonObject {
    return { ...seal(value, `${workspace}/${name}`, this.masters[0]!) };
  }

  /** The value of a secret. Throws when it cannot be opened. */
  open(secret: Entity): string {
    let value = this.opened.get(secret);
    if (value === undefined) {
      value = open(envelopeOf(secret), placeOf(secret), this.masters);
      this.opened.set(secret, value);
    }
    return value;
  }

  /** Another key than the one that sealed the secrets would show only when the first of them is needed. Throws NgError. */
  check(registry: Registry): void {
    for (const secret of registry.list('secret', null)) {
      try {
        this.open(secret);
      } catch {
        throw errors.masterKeyWrong(placeOf(secret));
      }
    }
  }

  /** Puts every secret under the present master key; how many were not. */
  async rotate(registry: Registry): Promise<number> {
    const [present] = this.masters;
    const old = registry.list('secret', null).filter((secret) => envelopeOf(secret).master !== present!.id);
    for (const secret of old) {
      await registry.update('secret', secret.workspace, secret.name, (data, entity) => {
        const envelope = envelopeOf(entity);
        if (envelope.master === present!.id) return undefined;
        return { ...data, sealed: { ...rewrap(envelope, placeOf(entity), this.masters, present!) } };
      });
    }
    return old.length;
  }
}

function envelopeOf({ data }: Entity): Envelope {
  return data['sealed'] as unknown as Envelope;
}

function placeOf({ workspace, name }: Entity): string {
  return `${workspace}/${name}`;
}
