import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsString, isEmail, Length, Matches, MaxLength, ValidateBy, ValidateIf } from 'class-validator';
import { longestPassword } from '../passwords/password-policy.js';

/** No control characters, nor half of a surrogate pair. */
export const printable = /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u;

/** As stored: one spelling for every way of writing the same address. */
export const EmailAddress = () =>
  applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? value.trim().normalize('NFKC').toLowerCase() : value,
    ),
    MaxLength(254),
    ValidateBy({
      name: 'isEmail',
      // Quoted, an address may hold nearly anything, which RFC 5321 (4.1.2) bounds to what can be printed.
      validator: {
        validate: (value) => typeof value === 'string' && printable.test(value) && isEmail(value),
        defaultMessage: () => '$property must be an email',
      },
    }),
  );

export const longestName = 100;

export const PersonName = () =>
  applyDecorators(
    Transform(({ value }) => (typeof value === 'string' ? value.trim().normalize('NFC') : value)),
    IsString(),
    Length(1, longestName),
    Matches(printable, { message: '$property must not contain control characters' }),
  );

/** May be left out, but is not null: what `IsOptional` lets through too. */
export const MayBeMissing = () => ValidateIf((_, value) => value !== undefined);

/** Any password as typed; whether it is a good one is for the policy to say. */
export const Password = () => applyDecorators(IsString(), Length(1, longestPassword));

/** Something this service gave out: a token of any kind. */
export const Opaque = () => applyDecorators(IsString(), Length(1, 500));
