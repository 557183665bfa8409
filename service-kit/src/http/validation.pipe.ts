import { type ArgumentMetadata, type PipeTransform, type Type, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type InputFault, InvalidInputError } from '../errors/index.js';
import { checkText, escapePointer } from './text.js';

const deepest = 20;

/** The classes describe objects: what is none, or too deep to walk through, is refused before they are asked. */
class InputPipe implements PipeTransform {
  private readonly validation = new ValidationPipe({
    transform: true,
    whitelist: true,
    validationError: { target: false },
    exceptionFactory: (errors) => new InvalidInputError(errors.flatMap((error) => faultsOf(error, ''))),
  });

  /** Plain text and what decorators of our own answer have no class that would describe them. */
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type === 'custom') return value;
    if (metadata.type === 'body' && !(isPlainObject(value) && isShallow(value))) {
      throw new InvalidInputError([
        { pointer: '', message: `must be a JSON object at most ${deepest} levels deep` },
      ]);
    }
    checkText(value, metadata.data);
    if (metadata.metatype === String) return value;
    return this.validation.transform(value, metadata);
  }
}

const isPlainObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Level by level, because depth is what would overflow the stack. */
function isShallow(value: object): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= deepest; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return true;
  }
  return false;
}

/** Checks bodies and queries by their DTO class, and keeps only the fields the class names. */
export const validationPipe: PipeTransform = new InputPipe();

/** The same check for input that came another way, such as over gRPC. */
export async function checkInput<T extends object>(dto: Type<T>, input: object): Promise<T> {
  const checked: unknown = await validationPipe.transform(input, { type: 'body', metatype: dto });
  if (checked instanceof dto) return checked;
  throw new TypeError(`${dto.name} cannot be checked`);
}

function faultsOf(
  { property, value, constraints = {}, children = [] }: ValidationError,
  parent: string,
): InputFault[] {
  const pointer = `${parent}/${escapePointer(property)}`;
  // What is not there breaks every rule for it, which would say the same thing several times.
  const messages = value === undefined ? [`${property} is required`] : Object.values(constraints);
  const own = messages.map((message) => ({ pointer, message }));
  return [...own, ...children.flatMap((child) => faultsOf(child, pointer))];
}
