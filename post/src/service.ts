import { resolve } from 'node:path';
import { postsServiceDefinition } from '@bw/contracts/posts';
import type { Environment } from '@bw/service-kit/config';
import type { Service } from '@bw/service-kit/service';
import { AppModule } from './app.module.js';
import { PostConfig } from './config.js';

export function postService(environment: Environment): Service {
  return {
    name: 'post',
    schema: 'post_schema',
    folder: resolve(import.meta.dirname, '..'),
    config: new PostConfig(environment),
    module: AppModule,
    grpc: [postsServiceDefinition],
    // The longest post, when its JSON is written in ASCII: 12 bytes for each emoji.
    bodyLimit: 1024 * 1024,
  };
}
