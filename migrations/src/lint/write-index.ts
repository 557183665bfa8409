import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pagesFolder, renderIndex } from './pages.js';

writeFileSync(join(pagesFolder, 'README.md'), renderIndex());
