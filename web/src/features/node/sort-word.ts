/** A sort as it stands in the address: the column's id, with a minus sign in front when descending. */

import type { Sort } from "@/shared/table/column";

export function readSort(word: string | undefined, otherwise: Sort): Sort {
  if (!word) return otherwise;
  return word.startsWith("-") ? { column: word.slice(1), descending: true } : { column: word, descending: false };
}

export function writeSort(sort: Sort): string {
  return sort.descending ? `-${sort.column}` : sort.column;
}
