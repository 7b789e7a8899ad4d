import { describe, expect, it } from 'vitest';
import { handValue, readAction } from '../../src/environments/catalogue/blackjack/environment.js';
import { loadEnvironment } from '../../src/environments/index.js';
import { systemClock } from '../../src/transport/index.js';
import { call, environment, reply, row, textReply, toolCall } from './support.js';

const HIT = textReply('<action>hit</action>');
const STAND = textReply('<action>stand</action>');

/** Blackjack whose deck gives these ranks in order: player, player, dealer, dealer, then what is drawn. */
async function table(...cards: string[]) {
  const ranks = ['2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K', 'A'];
  let next = 0;
  const random = () => (ranks.indexOf(cards[next++]!) + 0.5) / ranks.length;
  const env = (await loadEnvironment('blackjack'))!.create('b', {}, { clock: systemClock, random });
  const task = row();
  const session = await env.open(task, call());
  return {
    reset: () => env.reset!(session, task, call()),
    step: (reply: typeof HIT) => env.step!(session, task, reply, call()),
  };
}

describe('blackjack', () => {
  it.each([
    [['10', '7'], 17],
    [['A', 'K'], 21],
    [['A', 'A'], 12],
    [['A', '9', '5'], 15],
    [['Q', '9', '5'], 24],
  ] as const)('values %j as %d', (hand, value) => expect(handValue(hand)).toBe(value));

  it.each([
    ['<action>hit</action>', 'hit'],
    ['I think <ACTION> Hit </ACTION>', 'hit'],
    ['<action>stand</action> <action>hit</action>', 'stand'],
    ['hit me', 'stand'],
    ['', 'stand'],
  ])('reads %j as %s', (text, action) => expect(readAction(text)).toBe(action));

  it('shows the hand and one card of the dealer', async () => {
    const { observation } = await (await table('J', '6', 'A', '8')).reset();
    expect(observation).toContain('Your hand: [J, 6] = 16\nDealer shows: A\n');
  });

  it('ends a bust hand at once', async () => {
    expect(await (await table('J', '6', '9', '8', '10')).step(HIT)).toEqual({
      observation: null,
      reward: -1,
      terminated: true,
      truncated: false,
      info: { result: 'bust', player: '[J, 6, 10]', value: 26 },
    });
  });

  it('goes on after a card that fits', async () => {
    const game = await table('10', '6', '9', '8', '5');
    expect(await game.step(HIT)).toMatchObject({ reward: 0, terminated: false });
    expect(await game.step(STAND)).toMatchObject({ reward: 1, terminated: true, info: { result: 'win' } });
  });

  it.each([
    ['win against a dealer who goes over', ['10', '8', 'K', '6', '10'], 1, 26],
    ['draw', ['10', '8', 'Q', '8'], 0, 18],
    ['loss', ['10', '8', '2', '3', 'J', '5'], -1, 20],
  ])('scores a %s', async (_name, cards, reward, dealer) => {
    expect(await (await table(...cards)).step(STAND)).toMatchObject({
      reward,
      info: { dealer_value: dealer },
    });
  });

  it('deals the same cards for the same seed and repeat, others for another repeat', async () => {
    const env = await environment('blackjack');
    const deal = async (seed: number, rolloutIndex: number) => {
      const task = row({ seed });
      const session = await env.open(task, { ...call(), rolloutIndex });
      return (await env.reset!(session, task, call())).observation;
    };
    expect(await deal(5, 0)).toBe(await deal(5, 0));
    const repeats = await Promise.all([0, 1, 2, 3, 4, 5].map((repeat) => deal(5, repeat)));
    expect(new Set(repeats).size).toBeGreaterThan(1);
  });
});

describe('example_multi_turn_gymnasium', () => {
  const task = row({ follow_ups: ['And then?', 'Really?'], expected_answer: 'Canberra' });

  it.each([
    ['I say CANBERRA.', 1],
    ['Sydney', 0],
  ])('asks every follow-up, then grades %j as %d', async (last, reward) => {
    const env = await environment('example_multi_turn_gymnasium');
    const session = await env.open(task, call());
    expect(await env.reset!(session, task, call())).toEqual({ observation: null, info: {} });
    const step = (text: string) => env.step!(session, task, textReply(text), call());
    expect(await step('Canberra')).toMatchObject({ observation: 'And then?', reward: 0, terminated: false });
    expect(await step('Canberra')).toMatchObject({ observation: 'Really?', reward: 0, terminated: false });
    expect(await step(last)).toMatchObject({ observation: null, reward, terminated: true });
  });

  it('refuses a row that has nothing to grade against', async () => {
    const env = await environment('example_multi_turn_gymnasium');
    await expect(env.open(row({ follow_ups: [] }), call())).rejects.toMatchObject({ kind: 'row_invalid' });
  });
});

describe('wordle', () => {
  const task = row({ custom_target: 'crane' });
  const guesses = (...words: string[]) =>
    reply(...words.map((guess, at) => toolCall('submit_guess', { guess }, `c${at}`)));

  async function game(words: string[][]) {
    const env = await environment('wordle');
    const session = await env.open(task, call());
    const told = [];
    for (const turn of words) told.push(await env.step!(session, task, guesses(...turn), call()));
    return told;
  }

  it('answers a guess with its letters, and pays less for each turn and for what is known', async () => {
    const [first, second, third] = await game([['trace'], ['trace'], ['crane']]);
    const outputs = first!.info['tool_outputs'] as { call_id: string; output: string }[];
    expect(outputs[0]).toMatchObject({
      call_id: 'c0',
      output: expect.stringContaining('"feedback": "_GGYG"'),
    });
    expect(second).toMatchObject({ reward: 0, terminated: false });
    // The second guess is one again (0.2), with a letter that is known not to be there (0.02).
    expect(third).toMatchObject({ reward: 2 - 0.4 - 0.22, terminated: true, info: { game_outcome: 'win' } });
  });

  it('is lost after six guesses, words or not, and over when the model only speaks', async () => {
    const lost = await game([['zzzzz', 'x', 'money', 'about', 'slate', 'thing']]);
    expect(lost[0]).toMatchObject({
      reward: 0,
      terminated: true,
      info: { game_outcome: 'loss', turns_used: 6 },
    });
    expect((await game([[]]))[0]).toMatchObject({ terminated: true, info: { game_outcome: 'incomplete' } });
  });

  it('refuses a word to be found that is none of its list', async () => {
    const env = await environment('wordle');
    await expect(env.open(row({ custom_target: 'zzzzz' }), call())).rejects.toMatchObject({
      kind: 'row_invalid',
    });
  });
});
