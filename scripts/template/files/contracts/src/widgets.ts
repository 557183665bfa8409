/** What other services may read of sample; sample answers (proto/sample/v1/widgets.proto). */
export {
  type GetWidgetRequest,
  type ListWidgetsRequest,
  type ListWidgetsResponse,
  type Widget,
  WidgetsServiceClient,
  type WidgetsServiceServer,
  WidgetsServiceService as widgetsServiceDefinition,
} from './generated/sample/v1/widgets.js';
