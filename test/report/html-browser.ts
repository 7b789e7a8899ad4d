import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'undici';

/** A headless Chromium over its DevTools protocol: enough to open a page, ask it things, press keys, take pictures. */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export const chromium = NAMES.find((name) => spawnSync(name, ['--version']).status === 0);

/** What JSON holds: the protocol has no types here. */
type Loose = ReturnType<typeof JSON.parse>;

interface Reply {
  id?: number;
  method?: string;
  params?: Record<string, Loose>;
  result?: Record<string, Loose>;
  error?: { message: string };
}

export class Browser {
  /** Console errors, refused loads and exceptions since the page was opened. */
  readonly complaints: string[] = [];
  /** Addresses that the page asked for. */
  readonly requests: string[] = [];
  private last = 0;
  private readonly waiting = new Map<
    number,
    { resolve: (value: Loose) => void; reject: (e: Error) => void }
  >();

  private constructor(
    private readonly socket: WebSocket,
    private readonly stop: () => Promise<void>,
  ) {
    socket.addEventListener('message', (event) => this.take(JSON.parse(String(event.data)) as Reply));
  }

  static async start(): Promise<Browser> {
    const profile = await mkdtemp(path.join(tmpdir(), 'ngym-chromium-'));
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--hide-scrollbars',
    ];
    const child = spawn(chromium!, [
      ...flags,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      'about:blank',
    ]);
    const stop = async (): Promise<void> => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    };
    const address = await new Promise<string>((resolve, reject) => {
      let text = '';
      child.stderr.on('data', (piece: Buffer) => {
        text += piece.toString();
        const found = /DevTools listening on ws:\/\/([^/]+)\//.exec(text);
        if (found !== null) resolve(found[1]!);
      });
      child.once('exit', () => reject(new Error(`Chromium ended: ${text}`)));
    });
    const pages = (await (await fetch(`http://${address}/json/list`)).json()) as Record<string, string>[];
    const socket = new WebSocket(pages.find((page) => page.type === 'page')!.webSocketDebuggerUrl!);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    const browser = new Browser(socket, stop);
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await browser.send(`${domain}.enable`);
    return browser;
  }

  private take(reply: Reply): void {
    const { id, method, params = {} } = reply;
    if (method === 'Runtime.exceptionThrown') {
      this.complaints.push(
        String(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text),
      );
    }
    if (method === 'Log.entryAdded' && params.entry.level === 'error')
      this.complaints.push(String(params.entry.text));
    if (method === 'Network.requestWillBeSent') this.requests.push(String(params.request.url));
    if (id === undefined) return;
    const { resolve, reject } = this.waiting.get(id)!;
    this.waiting.delete(id);
    if (reply.error === undefined) resolve(reply.result);
    else reject(new Error(reply.error.message));
  }

  send(method: string, params: object = {}): Promise<Loose> {
    const id = ++this.last;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** The value of an expression in the page; promises are awaited. */
  async ask(expression: string): Promise<Loose> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', asked);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description);
    return result.value;
  }

  /** Waits until an expression in the page is truthy, looking once per frame. */
  async until(expression: string): Promise<void> {
    const poll = `new Promise((resolve) => {
      const look = () => ((${expression}) ? resolve(true) : setTimeout(look, 10));
      look();
    })`;
    await this.ask(poll);
  }

  async open(file: string, hash = ''): Promise<void> {
    this.complaints.length = 0;
    this.requests.length = 0;
    await this.send('Page.navigate', { url: 'about:blank' });
    await this.send('Page.navigate', { url: `file://${file}${hash}` });
    await this.until(`location.protocol === 'file:' && document.readyState === 'complete'`);
  }

  async size(width: number, height: number, scheme: 'light' | 'dark'): Promise<void> {
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.send('Emulation.setEmulatedMedia', { features });
  }

  async press(key: string, text?: string): Promise<void> {
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
  }

  type(text: string): Promise<void> {
    return this.send('Input.insertText', { text });
  }

  async picture(file: string): Promise<void> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    await writeFile(file, Buffer.from(data, 'base64'));
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.stop();
  }
}
