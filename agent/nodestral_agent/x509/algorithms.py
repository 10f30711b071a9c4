"""Keys and signatures by their object identifiers: RFC 3279, 4055, 5480, 5758, 8410 and NIST's for ML-DSA."""

from __future__ import annotations

from nodestral_agent.x509 import der

RSA = "1.2.840.113549.1.1.1"
RSA_PSS = "1.2.840.113549.1.1.10"
DSA = "1.2.840.10040.4.1"
EC = "1.2.840.10045.2.1"
# Algorithms whose identifier says all: name and bits of the key.
FIXED = {
    "1.3.101.112": ("Ed25519", 256),
    "1.3.101.113": ("Ed448", 456),
    "2.16.840.1.101.3.4.3.17": ("ML-DSA-44", 1312 * 8),
    "2.16.840.1.101.3.4.3.18": ("ML-DSA-65", 1952 * 8),
    "2.16.840.1.101.3.4.3.19": ("ML-DSA-87", 2592 * 8),
}
CURVES = {
    "1.2.840.10045.3.1.1": ("P-192", 192),
    "1.3.132.0.33": ("P-224", 224),
    "1.2.840.10045.3.1.7": ("P-256", 256),
    "1.3.132.0.34": ("P-384", 384),
    "1.3.132.0.35": ("P-521", 521),
    "1.3.132.0.10": ("secp256k1", 256),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
}
# As OpenSSL writes them.
SIGNATURES = {
    "1.2.840.113549.1.1.2": "md2WithRSAEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "rsassaPss",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.10040.4.3": "dsaWithSHA1",
    "2.16.840.1.101.3.4.3.1": "dsa_with_SHA224",
    "2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
    "1.3.101.112": "ED25519",
    "1.3.101.113": "ED448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}


def signature(algorithm: der.Element) -> str:
    """The name of a signature's algorithm; its identifier when it has none here."""
    identifier = der.object_id(der.sequence(algorithm, 1)[0])
    return SIGNATURES.get(identifier, identifier)


def key(info: der.Element) -> tuple[str, int | None, str | None]:
    """Type, bits and curve of a SubjectPublicKeyInfo. Bits are None where they cannot be told."""
    algorithm, public = der.sequence(info, 2)[:2]
    kind = der.sequence(algorithm, 1)
    identifier = der.object_id(kind[0])
    if identifier in FIXED:
        return (*FIXED[identifier], None)
    if identifier in (RSA, RSA_PSS):
        # RSAPublicKey: modulus, exponent.
        modulus = der.integer(der.sequence(der.only(der.bits(public), der.SEQUENCE), 2)[0])
        return "RSA" if identifier == RSA else "RSA-PSS", modulus.bit_length(), None
    if identifier == DSA:
        # Dss-Parms: p, q, g. They may be left out and inherited.
        prime = der.integer(der.sequence(kind[1], 3)[0]).bit_length() if len(kind) > 1 and kind[1].content else None
        return "DSA", prime, None
    if identifier == EC:
        if len(kind) > 1 and kind[1].tag == der.OBJECT_ID:
            curve = der.object_id(kind[1])
            name, bits = CURVES.get(curve, (curve, None))
            return "EC", bits, name
        return "EC", None, None  # explicit parameters, which RFC 5480 forbids
    return identifier, None, None
