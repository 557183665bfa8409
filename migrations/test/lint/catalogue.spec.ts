import { describe, expect, it } from '@jest/globals';
import { columnsAndTables } from './catalogue/columns-and-tables.js';
import { indexesAndConstraints } from './catalogue/indexes-and-constraints.js';
import { scripts } from './catalogue/scripts.js';
import { lintSql } from './describe-rule.js';

/** The unsafe operations that other linters and frameworks know, with the rule that finds each here. */
const catalogue = [...indexesAndConstraints, ...columnsAndTables, ...scripts];

describe('the catalogue of unsafe operations', () => {
  it.each(catalogue)('$operation', async ({ rule, bad, safe }) => {
    const found = (await lintSql(bad)).map((finding) => finding.rule);
    if (rule) expect(found).toContain(rule);
    else expect(found).toEqual([]);
    expect(await lintSql(safe)).toEqual([]);
  });
});
