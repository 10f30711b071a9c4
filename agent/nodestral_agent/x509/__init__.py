"""Reads X.509 certificates: RFC 5280 in DER (X.690) and PEM (RFC 7468). Pure, standard library, for hostile input."""
