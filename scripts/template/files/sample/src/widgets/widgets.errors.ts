import { ForbiddenError, InvalidInputError, NotFoundError } from '@bw/service-kit/errors';

export class WidgetNotFoundError extends NotFoundError {
  constructor() {
    super('There is no such widget.', 'widget_not_found');
  }
}

export class NotYourWidgetError extends ForbiddenError {
  constructor() {
    super('Only whoever created it or an administrator may do this.', 'not_your_widget');
  }
}

export class NoChangeError extends InvalidInputError {
  constructor() {
    super([{ pointer: '', message: 'at least one field must be given' }]);
  }
}
