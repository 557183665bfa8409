import { applyDecorators, Param, type PipeTransform } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsUUID, isUUID, type ValidationOptions } from 'class-validator';
import { InvalidInputError } from '../errors/index.js';

/** As ids are stored: in capitals a UUID is the same one (RFC 9562, section 4). */
function asStored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStored);
  return typeof value === 'string' ? value.toLowerCase() : value;
}

const uuid: PipeTransform<string, unknown> = {
  transform(value) {
    if (isUUID(value)) return asStored(value);
    throw new InvalidInputError([{ pointer: '/id', message: 'id must be a UUID' }]);
  },
};

/** A row's id in a path that has `:id`. */
export const Id = () => Param('id', uuid);

/** A field that holds a row's id; with `each`, several. */
export const IsId = (options?: ValidationOptions) =>
  applyDecorators(
    Transform(({ value }) => asStored(value)),
    IsUUID(undefined, options),
  );
