/** The certificates of a node: each once, with the files that hold it and the ports that serve it. */

import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useListCertificates } from "@/api/generated/inventory/inventory";
import type { CertificateList, NodeDetail } from "@/api/generated/model";
import { useNow } from "@/shared/clock/clock";
import { StatusMark } from "@/shared/status/status";
import type { Sort } from "@/shared/table/column";
import { NodeText } from "@/shared/text/node-text";
import { CERTIFICATE_COLUMNS, ValidityCell } from "./certificate-columns";
import { CertificateDetail } from "./certificate-detail";
import { type CertificateRow, certificateRows, troublesOf } from "./certificate-rows";
import { VALIDITIES, VALIDITY_MARKS, VALIDITY_WORDS } from "./certificate-validity";
import { FilterChips } from "./filter-chips";
import { ItemLink } from "./item-link";
import classes from "./section.module.css";
import { SectionView, useShow } from "./section-view";

const route = getRouteApi("/app/nodes/$nodeId");
const FIRST_TO_END: Sort = { column: "left", descending: false };
const PLACES = { served: "served", file: "on disk only", trouble: "to see to" } as const;
type Place = keyof typeof PLACES;

export function CertificatesTab({ node }: { node: NodeDetail }) {
  const search = route.useSearch();
  const show = useShow();
  const list = useListCertificates<CertificateList, Error>(node.id);
  // Days are what counts here: once an hour is often enough to look at the clock.
  const hour = useNow((now) => Math.floor(now / 3600));
  const data = useMemo(
    () =>
      list.data && { ...list.data, items: certificateRows(list.data.items, Math.max(hour * 3600, Date.now() / 1000)) },
    [list.data, hour],
  );
  const validity = VALIDITIES.find((one) => one === search.state);
  const place = isPlace(search.where) ? search.where : undefined;
  const matches = useCallback(
    (row: CertificateRow) =>
      (validity === undefined || row.validity === validity) && (place === undefined || isAt(row, place)),
    [validity, place],
  );
  const rows = data?.items ?? [];

  return (
    <SectionView
      node={node}
      section="certificates"
      list={{ ...list, data }}
      columns={CERTIFICATE_COLUMNS}
      sort={FIRST_TO_END}
      rowKey={rowKey}
      narrow={{ height: 58, row: narrowRow }}
      matches={matches}
      isFiltered={validity !== undefined || place !== undefined}
      emptyWords="Certificates in files and as this machine’s ports serve them appear here, with the days that each has left."
      detail={(row) => ({ title: row.title, body: <CertificateDetail node={node} row={row} /> })}
      filters={
        <>
          <FilterChips
            label="Validity"
            chosen={validity}
            onChoose={(state) => show({ state })}
            choices={VALIDITIES.map((value) => ({
              value,
              label: <StatusMark kind={VALIDITY_MARKS[value]} label={VALIDITY_WORDS[value]} />,
              count: rows.filter((row) => row.validity === value).length,
            }))}
          />
          <FilterChips
            label="Place"
            chosen={place}
            onChoose={(where) => show({ where })}
            choices={(Object.keys(PLACES) as Place[]).map((value) => ({
              value,
              label: PLACES[value],
              count: rows.filter((row) => isAt(row, value)).length,
            }))}
          />
        </>
      }
    />
  );
}

function rowKey(row: CertificateRow): string {
  return row.key;
}

function isPlace(word: string | undefined): word is Place {
  return word !== undefined && Object.hasOwn(PLACES, word);
}

function isAt(row: CertificateRow, place: Place): boolean {
  if (place === "trouble") return troublesOf(row).length > 0;
  return place === "served" ? row.served.length > 0 : row.served.length === 0;
}

function narrowRow(row: CertificateRow) {
  const troubles = troublesOf(row);
  return (
    <span className={classes.stack}>
      <span className={classes.line}>
        <ItemLink item={row.key}>
          <NodeText value={row.title} />
        </ItemLink>
        <ValidityCell row={row} />
      </span>
      <span className={classes.small}>
        {troubles.length > 0 ? (
          `▲ ${troubles.join(", ")}`
        ) : row.served.length > 0 ? (
          `served on ${[...new Set(row.served.map((one) => one.port))].join(", ")}`
        ) : (
          <NodeText value={row.files[0]?.path} mono />
        )}
      </span>
    </span>
  );
}
