import { Param, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { InvalidInputError } from '../errors/index.js';

const uuid: PipeTransform<string, string> = {
  transform(value) {
    if (isUUID(value)) return value;
    throw new InvalidInputError([{ pointer: '/id', message: 'id must be a UUID' }]);
  },
};

/** A row's id in a path that has `:id`. */
export const Id = () => Param('id', uuid);
