"""Postfix: /etc/postfix/main.cf, and what master.cf sets for single services; postconf(5), TLS_README."""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration

PROGRAM = "postfix"
FOLDER = "/etc/postfix"
# A certificate's parameter and its key's. Without a value the key is expected in the certificate's file.
PAIRS = {
    f"{side}_tls_{kind}cert_file": f"{side}_tls_{kind}key_file"
    for side in ("smtpd", "smtp", "lmtp")
    for kind in ("", "ec", "d")
}
CHAINS = ("smtpd_tls_chain_files", "smtp_tls_chain_files", "lmtp_tls_chain_files")
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|\((\w+)\)|(\w+))")
OPTION = re.compile(r"-o\s+(?:\{\s*([^}]*)\}|(\S+))")
EXPANSIONS_MAX = 8


def logical_lines(text: str) -> list[str]:
    """Lines with their continuations, which begin with a blank; comments left out."""
    found: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() and found:
            found[-1] += f" {line.strip()}"
        else:
            found.append(line.strip())
    return found


def parameters(lines: list[str]) -> dict[str, str]:
    """`name = value`; the last of a name counts."""
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value.strip() for name, mark, value in pairs if mark}


def expanded(values: dict[str, str], text: str) -> str:
    """With the values of other parameters put in."""
    for _ in range(EXPANSIONS_MAX):
        once = VARIABLE.sub(lambda found: values.get(found[1] or found[2] or found[3], ""), text)[:4096]
        if once == text:
            break
        text = once
    return text


def named(reader: Configuration) -> None:
    """main.cf, and once more with what each service of master.cf sets."""
    main = parameters(logical_lines(reader.text(f"{FOLDER}/main.cf")))
    if not main:
        return
    look(reader, main)
    for line in logical_lines(reader.text(f"{FOLDER}/master.cf")):
        own = parameters([whole or word for whole, word in OPTION.findall(line)])
        if any("_tls_" in name for name in own):
            look(reader, {**main, **own})
    # Without such maps every name gets the same certificate.
    if main.get("tls_server_sni_maps"):
        reader.named.server_names[expanded(main, main.get("myhostname", ""))] = set()


def look(reader: Configuration, values: dict[str, str]) -> None:
    """The certificates of one set of parameters."""
    for parameter, key_parameter in PAIRS.items():
        path = expanded(values, values.get(parameter, ""))
        if path and path != "none":
            reader.named.certificate(path, expanded(values, values.get(key_parameter, "")) or path)
    for parameter in CHAINS:
        for path in re.split(r"[\s,]+", expanded(values, values.get(parameter, ""))):
            # Each holds a key before its certificates, or is one half of such a file.
            if path:
                reader.named.certificate(path, path)
