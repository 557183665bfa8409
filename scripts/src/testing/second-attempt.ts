import { jest } from '@jest/globals';

// Nobody sits before a CI run to start it again because its machine stalled once. The first failure is printed all the
// same, and ./dev.run names the test at its end: it is to be mended, not lived with.
if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });
