import { applyDecorators, Controller, UseFilters, UseInterceptors } from '@nestjs/common';
import { CallInterceptor } from './call.interceptor.js';
import { GrpcErrorFilter } from './error.filter.js';

/** A controller whose `@GrpcMethod` handlers run in the caller's context and deadline, and fail with a gRPC status. */
export const GrpcController = () =>
  applyDecorators(Controller(), UseInterceptors(CallInterceptor), UseFilters(GrpcErrorFilter));
