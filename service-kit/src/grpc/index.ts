export { type Call, callOf } from './call.js';
export { callUnary, connectService } from './client.js';
export { finishCalls } from './finish-calls.js';
export { GrpcController } from './grpc-controller.js';
export { grpcOptions } from './options.js';
