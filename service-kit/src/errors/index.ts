export { ProblemFilter } from './problem.filter.js';
export { type Problem, problemContentType, sendProblem, toProblem, toServiceError } from './problem.js';
export {
  ConflictError,
  ForbiddenError,
  type InputFault,
  InvalidInputError,
  NotFoundError,
  ServiceError,
  TooManyRequestsError,
  UnauthenticatedError,
  UnavailableError,
} from './service-error.js';
