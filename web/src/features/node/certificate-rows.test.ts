import { expect, it } from "vitest";
import type { Certificate } from "@/api/generated/model";
import { certificateRows, commonName, troublesOf } from "./certificate-rows";
import { validityOf, validityWords } from "./certificate-validity";

const DAY = 86_400;
const NOW = 1000 * DAY;
const served: Certificate = {
  key: "served:tls/127.0.0.1/443/example.net",
  place: "served",
  fingerprint_sha256: "a".repeat(64),
  subject: "CN=example.net",
  issuer: "CN=R11,O=Let's Encrypt",
  serial: "01",
  not_before_at: NOW - 80 * DAY,
  not_after_at: NOW + 10 * DAY,
  names: ["example.net", "www.example.net"],
  port: 443,
  seen_from: 1,
};
const file: Certificate = { ...served, key: "file:/etc/x.pem", place: "file", path: "/etc/x.pem", port: null };
const newer: Certificate = { ...file, key: "file:/etc/y.pem", fingerprint_sha256: "b".repeat(64) };

it("shows a certificate once, with all its places", () => {
  const rows = certificateRows([served, file, newer], NOW);
  expect(rows.map((row) => [row.title, row.files.length, row.served.length])).toEqual([
    ["example.net", 1, 1],
    ["example.net", 1, 0],
  ]);
});

it("says what somebody has to see to", () => {
  const [row] = certificateRows(
    [{ ...served, newer_path: "/etc/y.pem", chain_complete: false, renewal_healthy: false }],
    NOW,
  );
  expect(row && troublesOf(row)).toEqual(["renewed, not reloaded", "chain incomplete", "renewal fails"]);
  const [good] = certificateRows([{ ...served, chain_complete: true }], NOW);
  expect(good && troublesOf(good)).toEqual([]);
});

it("does not blame a file for its chain: what counts is what is sent", () => {
  const [row] = certificateRows([{ ...file, chain_complete: false }], NOW);
  expect(row && troublesOf(row)).toEqual([]);
});

it.each([
  [-1, "expired"],
  [0, "expired"],
  [6.9, "days"],
  [7, "soon"],
  [20.9, "soon"],
  [21, "good"],
])("with %d days left a certificate is %s", (days, validity) => {
  expect(validityOf(NOW - DAY, NOW + days * DAY, NOW)).toBe(validity);
});

it("tells the days in words", () => {
  const times = { notBefore: NOW - DAY, notAfter: NOW + 6.5 * DAY };
  expect(validityWords({ validity: "days", ...times }, NOW)).toBe("6 d left");
  expect(validityWords({ validity: "expired", ...times }, NOW + 9 * DAY)).toBe("expired 2 d ago");
  expect(validityWords({ validity: "future", notBefore: NOW + 3 * DAY, notAfter: NOW + 9 * DAY }, NOW)).toBe(
    "valid in 3 d",
  );
});

it("names a subject by its common name", () => {
  expect(commonName("C=US,O=Let's Encrypt,CN=R11")).toBe("R11");
  expect(commonName("O=nobody")).toBe("O=nobody");
});
