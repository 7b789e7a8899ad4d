import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeHtmlReport } from '../../src/report/html/write-html-report.js';
import { Browser, chromium } from './html-browser.js';
import { makeRun, type MadeRun } from './html-run.js';

if (chromium === undefined)
  console.warn('Skipped: no Chromium is installed, so the HTML page was not opened.');

const artefacts = path.resolve(import.meta.dirname, '../artefacts');
const ATTACK = '</script><script>window.hurt = 1</script><img src=x onerror="window.hurt = 2"><!-- <script>';

describe.skipIf(chromium === undefined)('the HTML page in a browser', { timeout: 60_000 }, () => {
  let dir = '';
  let browser: Browser;

  async function write(name: string, made: MadeRun): Promise<string> {
    const rollouts = await makeRun(path.join(dir, name), made);
    const { file } = await writeHtmlReport({ rollouts, out: path.join(dir, `${name}.html`) });
    return file;
  }

  const text = (selector: string): Promise<string> =>
    browser.ask(`document.querySelector(${JSON.stringify(selector)}).innerText`) as Promise<string>;
  const tasks = (): Promise<string[]> =>
    browser.ask(
      `[...document.querySelectorAll('.body .row .c-task')].map((cell) => cell.textContent)`,
    ) as Promise<string[]>;
  const count = (): Promise<string> => text('.toolbar output');
  const focused = (): Promise<string> =>
    browser.ask(
      `document.activeElement.getAttribute('aria-rowindex') ?? document.activeElement.id`,
    ) as Promise<string>;
  const click = (words: string): Promise<unknown> =>
    browser.ask(
      `[...document.querySelectorAll('button')].find((one) => one.innerText.startsWith('${words}')).click()`,
    );

  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'ngym-html-'));
    await mkdir(artefacts, { recursive: true });
    browser = await Browser.start();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await rm(dir, { recursive: true, force: true });
  });

  beforeEach(() => browser.size(1300, 900, 'light'));

  it('shows the numbers, the tasks and a conversation, and asks the network for nothing', async () => {
    const file = await write('small', { tasks: 5, repeats: 4 });
    await browser.open(file);
    const numbers = (await text('#summary tbody tr')).split('\t').map((cell) => cell.trim());
    // Task 1 failed four times, one rollout of task 2 is owed: 15 of 20 have a reward.
    expect(numbers.slice(0, 6)).toEqual(['calc_agent', '20', '15', '4', '1', '75.0 %']);
    expect(await text('#facts')).toContain('20 rollouts of 5 tasks · model demo-model');
    expect(await tasks()).toEqual(['0', '1', '2', '3', '4']);
    const labels = await browser.ask(
      `[...document.querySelectorAll('svg')].map((one) => one.ariaLabel).join()`,
    );
    expect(labels).toContain('pass@4');
    expect(labels).toContain('timeout: 4');
    await browser.picture(path.join(artefacts, 'report-small-light.png'));
    await browser.ask(`document.querySelectorAll('.body .row')[1].click()`);
    expect(await text('#detail .why')).toContain('no byte in 60 s');
    await browser.picture(path.join(artefacts, 'report-failed.png'));
    await browser.ask(`document.querySelector('.body .row').click()`);
    const panel = await text('#detail');
    for (const words of [
      'Why this reward',
      'expected_answer',
      'tool call: multiply',
      '"product": 0',
      'It is 0.',
    ]) {
      expect(panel).toContain(words);
    }
    expect(await browser.ask(`document.querySelector('.turn.reasoning details').open`)).toBe(false);
    expect(browser.complaints).toEqual([]);
    expect(browser.requests).toEqual([`file://${file}`]);
  });

  it('is worked by keys alone', async () => {
    await browser.open(await write('keys', { tasks: 8, repeats: 2 }));
    await browser.press('/');
    expect(await browser.ask(`document.activeElement.type`)).toBe('search');
    await browser.type('times seven');
    await browser.press('ArrowDown');
    expect(await focused()).toBe('2');
    await browser.press('ArrowDown');
    await browser.press('ArrowDown');
    expect(await focused()).toBe('4');
    await browser.press('Enter');
    expect(await text('#detail-title')).toContain('Task 2');
    await browser.press('ArrowRight');
    expect(await focused()).toBe('tab-1');
    expect(await text('#detail .why')).toContain('not played yet');
    await browser.press('j');
    expect(await text('#detail-title')).toContain('Task 3');
    await browser.press('Escape');
    expect(await browser.ask(`document.querySelector('#detail').hidden`)).toBe(true);
    expect(await focused()).toBe('5');
    expect(browser.complaints).toEqual([]);
  });

  it('filters, searches and sorts', async () => {
    await browser.open(await write('filter', { tasks: 40, repeats: 4, answer: 'A "rare" <word>.' }));
    await click('Failed');
    expect(await tasks()).toEqual(['1']);
    await click('Owed');
    expect(await tasks()).toEqual(['2']);
    await click('Flipped');
    const flipped = await tasks();
    expect(flipped).toContain('0');
    expect(flipped).not.toContain('1');
    await click('All');
    await browser.press('/');
    await browser.type('Question 17:');
    await browser.until(`document.querySelectorAll('.body .row').length === 1`);
    expect(await tasks()).toEqual(['17']);
    await browser.press('Escape');
    await browser.press('/');
    await browser.type('"rare" <word>');
    await browser.until(`document.querySelector('.toolbar output').textContent.startsWith('0 of')`);
    await browser.ask(`document.querySelector('#deep').click()`);
    await browser.until(`document.querySelectorAll('.body .row').length > 1`);
    // Task 1 has no answer to find it in.
    expect(await count()).toBe('39 of 40 tasks');
    await browser.press('Escape');
    await click('task');
    expect((await tasks())[0]).toBe('39');
    expect(browser.complaints).toEqual([]);
  });

  it('shows hostile text as text', async () => {
    const made = { tasks: 4, repeats: 2, question: ATTACK, answer: ATTACK };
    await browser.open(await write('attack', made));
    expect(await text('.body .c-question')).toContain('</script>');
    await browser.ask(`document.querySelector('.body .row').click()`);
    expect(await text('.turn.assistant')).toContain(ATTACK);
    expect(await browser.ask('window.hurt ?? null')).toBe(null);
    expect(await browser.ask(`document.querySelectorAll('img').length`)).toBe(0);
    // The policy stands behind the escaping: markup that did get in would not run.
    await browser.ask(
      `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hurt = 3">')`,
    );
    await browser.ask(
      `document.body.append(Object.assign(document.createElement('script'), { text: 'window.hurt = 4' }))`,
    );
    expect(await browser.ask('window.hurt ?? null')).toBe(null);
  });

  it('takes 10,000 rollouts without freezing', async () => {
    const file = await write('big', { tasks: 1250, repeats: 8, answer: 'Words of an answer. '.repeat(40) });
    await browser.open(file);
    expect(await count()).toBe('1,250 tasks');
    const rows = await browser.ask(`document.querySelectorAll('.body .row').length`);
    expect(rows).toBeLessThan(80);
    const start = Number(await browser.ask('document.documentElement.dataset.ready'));
    expect(browser.complaints).toEqual([]);
    // The floor: the same browser merely parses the page's text as HTML and its blocks as JSON.
    const floor = Number(
      await browser.ask(`(() => {
        const html = document.documentElement.outerHTML;
        const since = performance.now();
        const parsed = new DOMParser().parseFromString(html, 'text/html');
        for (const block of parsed.querySelectorAll('script[type="application/json"]')) JSON.parse(block.textContent);
        return performance.now() - since;
      })()`),
    );
    expect(start).toBeLessThan(8 * floor + 100);
    // The second parse inherits the page's policy and grumbles about the rows' positions.
    browser.complaints.length = 0;
    await browser.ask(`scrollTo(0, document.body.scrollHeight)`);
    await browser.until(
      `[...document.querySelectorAll('.c-task')].some((cell) => cell.textContent === '1249')`,
    );
    await browser.ask('scrollTo(0, 0)');
    for (const [width, scheme] of [[1300, 'dark'] as const, [420, 'light'] as const]) {
      await browser.size(width, 900, scheme);
      await browser.picture(path.join(artefacts, `report-big-${width}-${scheme}.png`));
    }
    expect(browser.complaints).toEqual([]);
  });

  it('opens the rollout that its address names, and switches its colours', async () => {
    await browser.open(await write('named', { tasks: 5, repeats: 4 }), '#task-3-2');
    expect(await text('#detail-title')).toContain('Task 3');
    expect(await browser.ask(`document.querySelector('[aria-selected="true"]').id`)).toBe('tab-2');
    const back = (): Promise<unknown> => browser.ask('getComputedStyle(document.body).backgroundColor');
    const light = await back();
    await browser.ask(`document.querySelector('#theme').click()`);
    const dark = await back();
    expect(dark).not.toBe(light);
    await browser.size(1300, 900, 'dark');
    await browser.ask(`document.querySelector('#theme').click()`);
    expect(await back()).toBe(light);
  });
});
