import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, commandsOf, readBlocks } from '@bw/scripts/testing/documents';
import { type Answers, Terminal, type Typed } from '@bw/scripts/testing/terminal';

/** Follows a guide as a person does: edits the schemas it shows and types its commands, chapter by chapter. */
export class Walkthrough {
  readonly #blocks: Block[];
  readonly #terminal: Terminal;
  constructor(
    guide: string,
    private readonly root: string,
    env: Record<string, string | undefined>,
  ) {
    this.#blocks = readBlocks(guide);
    this.#terminal = new Terminal(root, env);
  }

  /** Does what a chapter says, from the root; answers the output of its commands, which all have to succeed. */
  async follow(chapter: RegExp, answers: Answers = {}): Promise<string> {
    let heading = '';
    let output = '';
    for (const block of this.blocks(chapter)) {
      const here = block.headings.join();
      if (here !== heading) await this.#goHome();
      heading = here;
      for (const step of stepsOf(block)) output += await this.#do(step, answers);
    }
    return output;
  }

  blocks(chapter: RegExp): Block[] {
    const blocks = this.#blocks.filter(({ headings }) => headings.some((heading) => chapter.test(heading)));
    if (blocks.length === 0) throw new Error(`The guide has no chapter ${chapter}.`);
    return blocks;
  }

  async #do(step: Step, answers: Answers): Promise<string> {
    if ('model' in step) this.edit(step.model);
    if (!('commands' in step)) return '';
    let output = '';
    for (const line of step.commands.filter(isTyped)) {
      // Alternatives such as "for auth" and "for post" each begin at the root.
      const [, folder] = /^cd (\w+)$/.exec(line) ?? [];
      if (folder && existsSync(join(this.root, folder))) await this.#goHome();
      output += (await this.type(line, answers)).output;
    }
    return output;
  }

  #goHome = () => this.type(`cd '${this.root}'`);

  async type(line: string, answers?: Answers): Promise<Typed> {
    const typed = await this.#terminal.type(withoutTests(line), answers);
    if (typed.code !== 0) throw new Error(`${line} ended with ${typed.code}:\n${typed.output}`);
    return typed;
  }

  /** Makes a model in a service's schema as the guide shows it; what the guide leaves out stays as it is. */
  edit(shown: string): void {
    const name = /model (\w+)/.exec(shown)?.[1] ?? '';
    const file = name === 'Post' ? 'post/prisma/schema.prisma' : 'auth/prisma/schema.prisma';
    const path = join(this.root, file);
    const schema = readFileSync(path, 'utf8');
    const model = new RegExp(`^model ${name} \\{\\n[^}]*\\}`, 'm').exec(schema)?.[0];
    const edited = model
      ? schema.replace(model, shown.split('\n').reduce(withField, model))
      : `${schema}\n${shown}\n`;
    writeFileSync(path, edited);
  }

  close(): void {
    this.#terminal.close();
  }
}

type Step = { model: string } | { commands: string[] };

/** Some of the guide's shell blocks show the edit among the commands. */
function stepsOf({ language, text }: Block): Step[] {
  if (language !== 'bash' && language !== 'prisma') return [];
  return text.split(/^(model [\s\S]*?^\})/m).map((part) => {
    if (part.startsWith('model ')) return { model: part };
    return { commands: language === 'bash' ? commandsOf({ text: part }) : [] };
  });
}

/** The editor is this class; what runs in containers and all of the tests are tried elsewhere. */
const isTyped = (line: string): boolean => !/^(vim|docker|docker-compose) /.test(line);
const withoutTests = (line: string): string => line.replace(/ && \.\/dev\.run$/, '');

/** The model with a field as the guide shows it, unless it has one of that name in the same column. */
function withField(model: string, line: string): string {
  const [, name] = /^\s+(\w+)\s+\w/.exec(line) ?? [];
  if (!name) return model;
  const present = model.split('\n').find((each) => each.trim().startsWith(`${name} `));
  if (!present) return model.replace('\n', `\n${line}\n`);
  const column = (text: string) => /@map\("\w+"\)/.exec(text)?.[0];
  return column(present) === column(line) ? model : model.replace(present, line);
}
