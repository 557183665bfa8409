import { migrationNames } from '../schema/histories.js';
import { findServices, type Service } from '../services/index.js';
import { timestamps } from './name.js';

/** Later than every migration of every service, so that the order of all of them is that of their names. */
export const timestampsFor = (service: Service, count: number): string[] =>
  timestamps(count, findServices(`${service.folder}/..`).flatMap(migrationNames));
