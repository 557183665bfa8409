#!/usr/bin/env node
// ts-proto as a plugin of buf, with types where it writes `any` and has no option for it: the depth at which a reader
// is, and the numbers of an enum.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { CodeGeneratorResponseSchema } from '@bufbuild/protobuf/wkt';

const generator = spawnSync('protoc-gen-ts_proto', {
  input: readFileSync(0),
  stdio: ['pipe', 'pipe', 'inherit'],
  maxBuffer: 64 * 1024 * 1024,
});
if (generator.error) throw generator.error;
const response = fromBinary(CodeGeneratorResponseSchema, generator.stdout);
for (const file of response.file) {
  file.content = file.content
    .replaceAll('(reader as any)', '(reader as BinaryReader & { __tsProtoDecodeDepth?: number })')
    .replace(/(message\.\w+) = reader\.int32\(\) as any;/g, '$1 = reader.int32() as typeof $1;');
}
process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
process.exitCode = generator.status;
