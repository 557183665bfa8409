import { Controller, Get } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Answers } from '../openapi/index.js';
import { Public } from '../security/index.js';
import { Readiness } from './readiness.js';

class Health {
  @ApiProperty({ enum: ['ok'] })
  readonly status!: 'ok';
}

const ok = { status: 'ok' } as const;

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Public()
  @Answers(200, Health, 'The process runs')
  live() {
    return ok;
  }

  @Get('ready')
  @Public()
  @Answers(200, Health, 'The instance takes requests')
  async ready() {
    await this.readiness.assertReady();
    return ok;
  }
}
