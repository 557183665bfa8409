import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';

export interface Typed {
  code: number;
  /** What the terminal showed after the line. */
  output: string;
}

/** What is typed, or else done, when a text appears on the terminal; each at most once. */
export type Answers = Record<string, string | (() => void)>;

const prompt = /\[\[(\d+)\]\]$/;

/** A shell on a terminal of its own, in which lines are typed and questions answered as a person does it. */
export class Terminal {
  readonly #shell: IPty;
  #shown = '';
  #changed: () => void = () => undefined;

  constructor(cwd: string, env: Record<string, string | undefined>) {
    // Without line editing the terminal shows what programs print, and no more.
    this.#shell = spawn('bash', ['--noprofile', '--norc', '--noediting', '-i'], {
      cwd,
      env: { ...env, PS1: '[[$?]]', PS2: '', TERM: 'xterm', HISTFILE: '/dev/null' },
      cols: 250,
      rows: 50,
    });
    this.#shell.onData((text) => {
      this.#shown += text;
      this.#changed();
    });
  }

  /** Types a line and waits for the shell to be back; a question that no answer is given for waits for ever. */
  async type(line: string, answers: Answers = {}): Promise<Typed> {
    await this.#until(() => prompt.test(this.#shown));
    this.#shown = '';
    this.#shell.write(`${line.replaceAll('\n', '\r')}\r`);
    let open = Object.entries(answers);
    let seen = 0;
    const asked = () => open.find(([question]) => plain(this.#shown.slice(seen)).includes(question));
    while (open.length > 0) {
      await this.#until(() => asked() !== undefined || prompt.test(this.#shown));
      const next = asked();
      if (!next) break;
      open = open.filter((each) => each !== next);
      seen = this.#shown.length;
      const [, answer] = next;
      if (typeof answer === 'string') this.#shell.write(answer);
      else answer();
    }
    await this.#until(() => prompt.test(this.#shown));
    const output = plain(this.#shown);
    return { code: Number(prompt.exec(output)?.[1]), output: output.replace(prompt, '') };
  }

  close(): void {
    this.#shell.kill();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((done) => (this.#changed = done));
  }
}

const plain = (shown: string): string => stripVTControlCharacters(shown).replaceAll('\r', '');
