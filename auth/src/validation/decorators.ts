import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsEmail, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { longestPassword } from '../passwords/password-policy.js';

/** As stored: one spelling for every way of writing the same address. */
export const EmailAddress = () =>
  applyDecorators(
    Transform(({ value }) =>
      typeof value === 'string' ? value.trim().normalize('NFKC').toLowerCase() : value,
    ),
    MaxLength(254),
    IsEmail(),
  );

/** No control characters, nor half of a surrogate pair. */
export const printable = /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u;
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
