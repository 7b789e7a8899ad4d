/**
 * What the recorded model says, by the text of the task's last user message: one list of turns per episode, and
 * where a task has several lists, repeats get them in turn. Some are wrong on purpose.
 *
 * @typedef {{text?: string, reasoning?: string, calls?: [string, object][]}} Turn
 * @param {string} name @param {object} [args] @returns {Turn}
 */
const call = (name, args = {}) => ({ calls: [[name, args]] });
/** @param {string} text @param {string} [reasoning] @returns {Turn} */
const say = (text, reasoning) => ({ text, ...(reasoning !== undefined && { reasoning }) });

/** @param {string} city @param {string} answer @returns {Turn[]} */
const weather = (city, answer) => [call('get_weather', { city }), say(answer)];
/** @param {...string} synonyms @returns {Turn[]} */
const lookUps = (...synonyms) => synonyms.map((synonym) => call('get_synonym_value', { synonym }));
/** @param {...number} synonym_values @returns {Turn[]} */
const extract = (...synonym_values) => [call('extract_synonym_values', { synonym_values }), say('Done.')];

/** @type {Record<string, Turn[][]>} keys: a part of the last user message that no other task has */
export const TURNS = {
  // mcqa: three of five right
  'has the shortest year': [[say('Mercury is closest to the Sun and orbits it in 88 days. \\boxed{B}')]],
  'balanced binary search tree': [
    [say('<think>Each step down halves what is left, so the depth is about log2 n.</think>\n\\boxed{B}')],
  ],
  'numbers is prime': [
    [say('51 = 3 · 17, 57 = 3 · 19, 87 = 3 · 29. 91 has no small factor, so it is prime: \\boxed{D}')],
    [say('<think>91 = 7 · 13, so not D. 97 has no divisor up to 9.</think>\n\\boxed{E}')],
  ],
  'main site of ATP production': [
    [
      say(
        'Oxidative phosphorylation takes place in the \\boxed{Mitochondrion}.',
        'Inner membrane, so the mitochondrion.',
      ),
    ],
  ],
  'first crewed landing on the Moon': [
    [
      say(
        'Apollo 8 flew around the Moon with a crew in 1968.\nAnswer: C',
        'Apollo 8 or Apollo 11? I take the earlier one.',
      ),
    ],
    [say('Apollo 11 landed on 20 July 1969.\nAnswer: D')],
  ],
  // mcqa with output regexes
  'largest part of dry air': [[say('Nitrogen is about 78 %.\nAnswer: \\boxed{D}')]],
  'added last first': [[say('Last in, first out.\nOption Selected: B')]],
  'interior angles of a pentagon': [[say('(5 - 2) * 180 = 540. <final>C</final>')]],
  'flows through Budapest': [[say('The answer is: The Danube')]],
  'novel "Frankenstein"': [[say('It was published anonymously in 1818. [[A]]')]],
  // weather
  'coat in Oslo': [weather('Oslo', 'Yes, take a coat: it is cold in Oslo.')],
  'flying to Lisbon': [weather('Lisbon', 'Boots. It is cold in Lisbon.')],
  'barbecue in Melbourne': [weather('Melbourne', 'Rather not, it is cold in Melbourne tonight.')],
  'Nairobi and Reykjavik': [
    [
      {
        reasoning: 'Two cities, so two calls.',
        calls: [
          ['get_weather', { city: 'Nairobi' }],
          ['get_weather', { city: 'Reykjavik' }],
        ],
      },
      say('Both are reported as cold, so I cannot tell which is colder.'),
    ],
  ],
  'school in Toronto': [weather('Toronto', 'A warm jacket and a hat: it is cold in Toronto.')],
  // multi-step: the third stops early, the fifth gives the values in the wrong order
  'up there in January': [[...lookUps('Icy', 'Chilly'), ...extract(293, 613)]],
  'happiest day of your life': [[...lookUps('Glad', 'Merry'), ...extract(376, 527)]],
  'sort a million numbers': [[...lookUps('Swift'), say('Use a radix sort.')]],
  'ruin our picnic': [[...lookUps('Drizzle', 'Shower'), ...extract(740, 632)]],
  'hands are always cold': [[...lookUps('Icy', 'Chilly'), ...extract(613, 293)]],
  // counter: the fourth never looks, the fifth adds too little
  'Add 1, then add 2': [
    [
      call('increment_counter', { count: 1 }),
      call('increment_counter', { count: 2 }),
      call('get_counter_value'),
      say('The count is 6.'),
    ],
  ],
  'by 5 twice': [
    [
      {
        calls: [
          ['increment_counter', { count: 5 }],
          ['increment_counter', { count: 5 }],
        ],
      },
      call('get_counter_value'),
      say('The counter is at 10.'),
    ],
  ],
  'adding -4': [[call('increment_counter', { count: -4 }), call('get_counter_value'), say('It reads 6.')]],
  'What does the counter say now': [[say('It says 107.')]],
  'one call each': [
    [
      call('increment_counter', { count: 1 }),
      call('increment_counter', { count: 1 }),
      call('get_counter_value'),
      say('The total is 0.'),
    ],
  ],
  // one call of the right tool: the third has text beside it, the fifth the wrong argument
  'weather like in Paris': [weather('Paris', 'It is cold in Paris.')],
  'raining in Buenos Aires': [weather('Buenos Aires', 'It is cold in Buenos Aires; rain is not reported.')],
  'How warm is Cairo': [
    [
      { text: 'Let me look that up.', calls: [['get_weather', { city: 'Cairo' }]] },
      say('Not warm: it is cold in Cairo.'),
    ],
  ],
  'weather in Seoul': [weather('Seoul', 'It is cold in Seoul today.')],
  'umbrella to Dublin': [weather('Belfast', 'It is cold there; rain is not reported.')],
};
