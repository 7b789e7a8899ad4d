import { el, svg } from './dom.js';
import { count, number, percent } from './format.js';

/** Two small charts per agent, drawn as SVG. */

const WIDTH = 420;
const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 26;
const TOP = 22;

function card(title, note, label, children, height = HEIGHT) {
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', 'aria-label': label },
    children,
  );
  return el('figure', { class: 'card' }, el('figcaption', {}, el('b', {}, title), ` ${note}`), drawing);
}

function text(x, y, words, anchor = 'middle', style = 'tick') {
  return svg('text', { x, y, 'text-anchor': anchor, class: style }, words);
}

function barName(bar) {
  return bar.from === bar.to ? number(bar.from) : `${number(bar.from)} to ${number(bar.to)}`;
}

export function rewardChart(agent) {
  const bars = agent.rewards;
  const most = bars.reduce((top, bar) => Math.max(top, bar.count), 1);
  const room = (WIDTH - LEFT - 8) / Math.max(bars.length, 1);
  const width = Math.min(room * 0.8, 64);
  const base = HEIGHT - BOTTOM;
  const every = Math.ceil(bars.length / 6);
  const drawn = bars.flatMap((bar, i) => {
    const height = ((base - TOP) * bar.count) / most;
    const x = LEFT + room * i + (room - width) / 2;
    const share = bar.count / Math.max(agent.scored, 1);
    const shape = { x, y: base - height, width, height, class: 'bar', rx: 2 };
    const tip = `reward ${barName(bar)}: ${count(bar.count)} (${percent(share)})`;
    return [
      svg('rect', shape, svg('title', {}, tip)),
      bars.length <= 11 ? text(x + width / 2, base - height - 5, count(bar.count)) : null,
      i % every === 0 ? text(x + width / 2, HEIGHT - 8, number(bar.from)) : null,
    ];
  });
  const axis = svg('line', { x1: LEFT, x2: WIDTH - 8, y1: base, y2: base, class: 'axis' });
  const words = bars.map((bar) => `${barName(bar)}: ${bar.count}`).join('; ');
  return card('Rewards', `of ${count(agent.scored)} scored`, `Distribution of rewards. ${words}`, [
    axis,
    drawn,
  ]);
}

export function passChart(agent) {
  const points = agent.passAtK;
  const base = HEIGHT - BOTTOM;
  const last = points.length;
  const x = (k) => LEFT + 10 + ((WIDTH - LEFT - 40) * (k - 1)) / Math.max(last - 1, 1);
  const y = (value) => base - (base - TOP) * value;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((value) => [
    svg('line', {
      x1: LEFT,
      x2: WIDTH - 8,
      y1: y(value),
      y2: y(value),
      class: value === 0 ? 'axis' : 'rule',
    }),
    text(LEFT - 6, y(value) + 4, `${100 * value} %`, 'end'),
  ]);
  const path = points.map(([k, value], i) => `${i === 0 ? 'M' : 'L'}${x(k)} ${y(value)}`).join('');
  const every = Math.ceil(last / 8);
  const dots = points.flatMap(([k, value]) => [
    svg(
      'circle',
      { cx: x(k), cy: y(value), r: 4, class: 'dot' },
      svg('title', {}, `pass@${k}: ${percent(value)}`),
    ),
    (k - 1) % every === 0 || k === last ? text(x(k), HEIGHT - 8, `k=${k}`) : null,
  ]);
  const [first, end] = [points[0], points[last - 1]];
  // The first value stands below its point: above it would cover the axis' labels.
  const ends = [
    text(x(first[0]) + 4, y(first[1]) + (first[1] < 0.15 ? -9 : 18), percent(first[1]), 'start', 'value'),
    text(x(end[0]), y(end[1]) - 9, percent(end[1]), 'middle', 'value'),
  ];
  const words = points.map(([k, value]) => `pass@${k} ${percent(value)}`).join('; ');
  return card('pass@k', 'of the reward', words, [grid, svg('path', { d: path, class: 'curve' }), dots, ends]);
}

export function failureChart(agent) {
  const kinds = Object.entries(agent.failures);
  const most = kinds.reduce((top, [, n]) => Math.max(top, n), 1);
  const room = 28;
  const drawn = kinds.flatMap(([kind, n], i) => [
    text(150, 8 + room * i + room / 2 + 4, kind, 'end'),
    svg('rect', {
      x: 158,
      y: 8 + room * i + 4,
      width: (200 * n) / most,
      height: room - 8,
      class: 'bar bad',
      rx: 2,
    }),
    text(166 + (200 * n) / most, 8 + room * i + room / 2 + 4, count(n), 'start'),
  ]);
  const words = kinds.map(([kind, n]) => `${kind}: ${n}`).join('; ');
  return card('Failures', 'by kind', `Failures by kind. ${words}`, drawn, 16 + room * kinds.length);
}
