/** What a list of posts can be asked for. */
export const postSorts = ['-createdAt', 'createdAt', '-updatedAt', 'updatedAt'] as const;
export type PostSort = (typeof postSorts)[number];

export interface PostFilter {
  readonly sort: PostSort;
  readonly authorId?: string | undefined;
}

export interface PostSearch {
  readonly text: string;
  readonly language: string;
  readonly authorId?: string | undefined;
}

/** Where a page continues: what the last row was sorted by, and its id. */
export type Position<Value> = readonly [value: Value, id: string];
