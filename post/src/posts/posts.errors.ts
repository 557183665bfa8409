import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  ServiceError,
} from '@bw/service-kit/errors';

export class PostNotFoundError extends NotFoundError {
  constructor() {
    super('There is no such post.', 'post_not_found');
  }
}

export class NotYourPostError extends ForbiddenError {
  constructor() {
    super('Only its author or an administrator may do this to a post.', 'not_your_post');
  }
}

export class PostChangedError extends ServiceError {
  constructor() {
    super(412, 'post_changed', 'The post has changed since you read it; read it again.');
  }
}

export class PostNotDeletedError extends ConflictError {
  constructor() {
    super('The post is not deleted.', 'post_not_deleted');
  }
}

export class PostHiddenError extends ConflictError {
  constructor() {
    super(
      'The post was taken down with its author, who is deleted or banned; it comes back with the author.',
      'post_hidden_with_author',
    );
  }
}

export class SearchSortError extends InvalidInputError {
  constructor() {
    super([{ pointer: '/sort', message: 'sort cannot be combined with q: a search is sorted by rank' }]);
  }
}

export class NoChangeError extends InvalidInputError {
  constructor() {
    super([{ pointer: '', message: 'at least one of title, content and images must be given' }]);
  }
}
