import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional } from 'class-validator';
import { EmailAddress, Opaque, Password, PersonName } from '../validation/decorators.js';

export class LogInRequest {
  @ApiProperty({ format: 'email', description: 'Case does not matter' })
  @EmailAddress()
  readonly email!: string;

  @ApiProperty({ format: 'password' })
  @Password()
  readonly password!: string;
}

export class SignUpRequest extends LogInRequest {
  @ApiPropertyOptional()
  @IsOptional()
  @PersonName()
  readonly firstName?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @PersonName()
  readonly lastName?: string;
}

export class EmailRequest {
  @ApiProperty({ format: 'email' })
  @EmailAddress()
  readonly email!: string;
}

export class VerifyEmailRequest {
  @ApiProperty({ description: 'From the link in the mail' })
  @Opaque()
  readonly token!: string;
}

export class PasswordReset extends VerifyEmailRequest {
  @ApiProperty({ format: 'password' })
  @Password()
  readonly password!: string;
}

export class PasswordChange {
  @ApiProperty({ format: 'password' })
  @Password()
  readonly currentPassword!: string;

  @ApiProperty({ format: 'password' })
  @Password()
  readonly newPassword!: string;

  @ApiPropertyOptional({ default: true })
  @IsOptional()
  @IsBoolean()
  readonly endOtherSessions?: boolean;
}

export class EmailChange extends LogInRequest {}
