import type {
  GetWidgetRequest,
  ListWidgetsRequest,
  ListWidgetsResponse,
  Widget as WidgetMessage,
} from '@bw/contracts/widgets';
import { GrpcController } from '@bw/service-kit/grpc';
import { checkInput } from '@bw/service-kit/http';
import { GrpcMethod } from '@nestjs/microservices';
import { ListWidgets, WidgetId } from './widgets.dto.js';
import { WidgetsService } from './widgets.service.js';

const service = 'WidgetsService';

/** What other services may read, with the same checks and rules as /v1/widgets. */
@GrpcController()
export class WidgetsGrpcController {
  constructor(private readonly widgets: WidgetsService) {}

  @GrpcMethod(service, 'getWidget')
  async get(request: GetWidgetRequest): Promise<WidgetMessage> {
    const { id } = await checkInput(WidgetId, request);
    return this.widgets.get(id);
  }

  @GrpcMethod(service, 'listWidgets')
  async list({ limit, cursor, createdBy }: ListWidgetsRequest): Promise<ListWidgetsResponse> {
    const query = await checkInput(ListWidgets, { ...(limit !== 0 && { limit }), cursor, createdBy });
    const { data, page } = await this.widgets.list(query);
    return { widgets: [...data], next: page.next ?? undefined };
  }
}
