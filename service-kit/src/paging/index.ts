export { decodeCursor, encodeCursor } from './cursor.js';
export { type Page, PagePosition, PageQuery, toPage } from './page.js';
