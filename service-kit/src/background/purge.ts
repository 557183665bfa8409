/** Removes at most `limit` rows that nobody can ask for any more, and answers how many it removed. */
export type RemoveSome = (limit: number) => Promise<number>;

const batch = 500;

/**
 * Removes everything in batches, so that no statement holds locks on many rows for long. Several replicas may do so at
 * once where each batch skips locked rows. Ends early, without harm, when told to stop.
 */
export async function purge(removals: readonly RemoveSome[], stopped?: AbortSignal): Promise<void> {
  for (const remove of removals) {
    while (!stopped?.aborted && (await remove(batch)) === batch);
  }
}
