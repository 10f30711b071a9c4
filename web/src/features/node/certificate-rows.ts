/** Certificates as people think of them: one, wherever it lies and wherever it is served. */

import type { Certificate } from "@/api/generated/model";
import { type Validity, validityOf } from "./certificate-validity";

export interface CertificateRow {
  /** The fingerprint. */
  key: string;
  /** The first name it is for, else its subject. */
  title: string;
  validity: Validity;
  notBefore: number;
  notAfter: number;
  /** What is the same at every place. */
  certificate: Certificate;
  files: Certificate[];
  served: Certificate[];
  /** Served although a newer one for the same names lies on the disk. */
  isStale: boolean;
  isChainBroken: boolean;
  isRenewalBroken: boolean;
}

/** The worst first: what is expired and served before what is expired and only lies there. `now`: Unix seconds. */
export function certificateRows(certificates: readonly Certificate[], now: number): CertificateRow[] {
  const byFingerprint = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    const places = byFingerprint.get(certificate.fingerprint_sha256) ?? [];
    places.push(certificate);
    byFingerprint.set(certificate.fingerprint_sha256, places);
  }
  return [...byFingerprint].map(([fingerprint, places]) => rowOf(fingerprint, places, now));
}

function rowOf(fingerprint: string, places: Certificate[], now: number): CertificateRow {
  const first = places[0] as Certificate;
  return {
    key: fingerprint,
    title: first.names?.[0] ?? commonName(first.subject),
    validity: validityOf(first.not_before_at, first.not_after_at, now),
    notBefore: first.not_before_at,
    notAfter: first.not_after_at,
    certificate: first,
    files: places.filter((place) => place.place === "file"),
    served: places.filter((place) => place.place === "served"),
    isStale: places.some((place) => Boolean(place.newer_path)),
    isChainBroken: places.some((place) => place.place === "served" && place.chain_complete === false),
    isRenewalBroken: places.some((place) => place.renewal_healthy === false),
  };
}

/** "CN=R11,O=Let's Encrypt" → "R11"; the whole where there is no common name. */
export function commonName(subject: string): string {
  return /(?:^|[,/+]\s*)CN\s*=\s*([^,/+]+)/.exec(subject)?.[1]?.trim() || subject;
}

/** Something that a person has to see to, although the certificate itself is still good. */
export function troublesOf(row: CertificateRow): string[] {
  const troubles: string[] = [];
  if (row.isStale) troubles.push("renewed, not reloaded");
  if (row.isChainBroken) troubles.push("chain incomplete");
  if (row.isRenewalBroken) troubles.push("renewal fails");
  return troubles;
}
