import { z } from 'zod';
import { outputText } from '../../../protocol/index.js';
import { defineEnvironment } from '../../kit/define-environment.js';
import { lenientInt } from '../../../python/index.js';
import { seededRandom } from '../../kit/seeded-random.js';

const RANKS = ['2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K', 'A'] as const;
type Rank = (typeof RANKS)[number];
type Hand = Rank[];

const DEALER_STANDS_AT = 17;

/** What a rank counts; an ace 11 until that would be too much. */
const worth = (rank: Rank): number => (rank === 'A' ? 11 : 'JQK'.includes(rank) ? 10 : Number(rank));

/** What a hand is worth: aces go from 11 to 1 as long as it is above 21. */
export function handValue(hand: readonly Rank[]): number {
  let value = hand.reduce((sum, rank) => sum + worth(rank), 0);
  for (let aces = hand.filter((rank) => rank === 'A').length; aces > 0 && value > 21; aces--) value -= 10;
  return value;
}

const shown = (hand: Hand): string => `[${hand.join(', ')}]`;

/** The first action tag of a reply; without one the player stands. */
export function readAction(text: string): 'hit' | 'stand' {
  const action = /<action>\s*(hit|stand)\s*<\/action>/i.exec(text)?.[1]?.toLowerCase();
  return action === 'hit' ? 'hit' : 'stand';
}

function describe(player: Hand, dealer: Hand): string {
  return [
    `Your hand: ${shown(player)} = ${handValue(player)}`,
    `Dealer shows: ${dealer[0]!}`,
    'Respond with <action>hit</action> or <action>stand</action>.',
  ].join('\n');
}

function settle(player: Hand, dealer: Hand) {
  const [mine, theirs] = [handValue(player), handValue(dealer)];
  const reward = theirs > 21 || mine > theirs ? 1 : mine === theirs ? 0 : -1;
  const result = reward === 1 ? 'win' : reward === 0 ? 'draw' : 'loss';
  const info = {
    result,
    player: shown(player),
    player_value: mine,
    dealer: shown(dealer),
    dealer_value: theirs,
  };
  return { reward, terminated: true, info };
}

/** Blackjack from an endless deck against a dealer who draws to 17. */
export const blackjack = defineEnvironment({
  name: 'blackjack',
  version: 2,
  config: z.object({}),
  row: z.object({ seed: lenientInt.optional() }),
  open(row, { call, services }) {
    const random =
      row.seed === undefined ? () => services.random() : seededRandom(row.seed, call.rolloutIndex);
    const draw = (): Rank => RANKS[Math.floor(random() * RANKS.length)]!;
    return { draw, player: [draw(), draw()] as Hand, dealer: [draw(), draw()] as Hand };
  },
  reset: ({ session }) => ({ observation: describe(session.player, session.dealer) }),
  step({ session, response }) {
    const { draw, player, dealer } = session;
    if (readAction(outputText(response)) === 'hit') {
      player.push(draw());
      const value = handValue(player);
      if (value <= 21) return { observation: describe(player, dealer) };
      return { reward: -1, terminated: true, info: { result: 'bust', player: shown(player), value } };
    }
    while (handValue(dealer) < DEALER_STANDS_AT) dealer.push(draw());
    return settle(player, dealer);
  },
});
