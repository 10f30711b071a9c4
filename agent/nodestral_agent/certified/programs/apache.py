"""Apache httpd: apache2.conf or httpd.conf and what they include; mod_ssl."""

from __future__ import annotations

import re
import shlex

from nodestral_agent.certified.configuration import Configuration, Named, joined

PROGRAM = "apache"
# The main file and the folder that stands for ServerRoot until it is told.
MAIN = (
    ("/etc/apache2/apache2.conf", "/etc/apache2"),
    ("/etc/httpd/conf/httpd.conf", "/etc/httpd"),
    ("/etc/apache2/httpd.conf", "/etc/apache2"),
)
DEPTH_MAX = 16
PORT = re.compile(r".*:(\d{1,5})\Z")
VARIABLE = re.compile(r"\$\{(\w+)\}")


class Apache:
    """One configuration while it is followed."""

    def __init__(self, reader: Configuration, root: str) -> None:
        self.reader = reader
        self.root = root
        self.defined: dict[str, str] = {}
        self.names: list[str] = []
        self.ports: set[int] = set()
        self.certificates: list[str] = []
        self.chain = ""
        self.has_key = False

    def walk(self, text: str, depth: int) -> None:
        """The directives of one file. Conditional sections count as if they applied."""
        for line in re.sub(r"\\\r?\n", " ", text).splitlines():
            words = split(VARIABLE.sub(lambda found: self.defined.get(found[1], found[0]), line))
            if words:
                self.directive(words[0].lower(), words[1:], depth)

    def directive(self, name: str, values: list[str], depth: int) -> None:
        """One directive; section tags are among them."""
        value = values[0] if values else ""
        if name in ("include", "includeoptional") and depth < DEPTH_MAX:
            pattern = joined(self.root, value)
            for inner in self.reader.included(f"{pattern}/*" if self.reader.is_folder(pattern) else pattern):
                self.walk(inner, depth + 1)
        elif name == "define" and len(values) == 2:
            self.defined[value] = values[1]
        elif name == "serverroot":
            self.root = value
        elif name == "<virtualhost":
            self.begin({int(found[1]) for word in values if (found := PORT.match(word.rstrip(">")))})
        elif name == "</virtualhost>":
            self.end()
        else:
            self.told(name, values)

    def told(self, name: str, values: list[str]) -> None:
        """A directive that belongs to the virtual host that is open, or to the main server."""
        value = values[0] if values else ""
        if name in ("servername", "serveralias"):
            self.names += [re.sub(r"^https?://|:\d+$", "", word) for word in values]
        elif name == "sslcertificatefile" and value:
            self.certificates.append(joined(self.root, value))
        elif name == "sslcertificatechainfile" and value:
            self.chain = joined(self.root, value)
        elif name == "sslcertificatekeyfile" and value:
            self.has_key = True
            key = joined(self.root, value)
            self.reader.named.key(key)

    def begin(self, ports: set[int]) -> None:
        """A virtual host."""
        self.end()
        self.ports = ports

    def end(self) -> None:
        """What was told since the last virtual host belongs together."""
        found: Named = self.reader.named
        for path in self.certificates:
            # Without a file of its own the key is expected beside the certificate.
            found.certificate(path, None if self.has_key else path)
            if self.chain:
                found.chains[path] = self.chain
        if self.certificates:
            for name in self.names:
                found.server_names.setdefault(name, set()).update(self.ports)
        self.names, self.ports, self.certificates, self.chain, self.has_key = [], set(), [], "", False


def split(line: str) -> list[str]:
    """The words of a line; none of a comment, or where quotes do not end."""
    line = line.strip()
    if not line or line.startswith("#"):
        return []
    try:
        return shlex.split(line, posix=True)
    except ValueError:
        return []


def named(reader: Configuration) -> None:
    """Follow each configuration."""
    for path, root in MAIN:
        text = reader.text(path)
        if text:
            apache = Apache(reader, root)
            apache.walk(text, 0)
            apache.end()
