"""A local archive of packages on a machine, made there by dpkg's own tools: updates that are real, without a network.

Of the packages that it holds, older versions are installed before apt hears of it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from e2e.machine.machine import Machine

# name: what is installed, what the archive for security has, what the one for updates has
PACKAGES = {
    "shop-secure": ("1.0", "1.1", None),
    "shop-plain": ("1.0-1", None, "2:0.1~rc1-1"),
    "shop-fixed-before": ("1.0", "1.0+deb1", "1.2"),
    "shop-held": ("1.0", None, "1.5"),
    "shop-pinned": ("1.0", None, "3.0"),
    "shop-newest": ("5.0", None, "4.0"),
}
LIST = "/etc/apt/sources.list.d/shop.list"
PINS = "/etc/apt/preferences.d/shop.pref"
# apt reads the machine's usual indexes too, but only this archive's are made anew: there is no network.
UPDATE = f"apt-get update -q -o Dir::Etc::sourcelist={LIST} -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0"

_SCRIPT = """
set -eu
folder=/srv/shop
mkdir -p $folder/security $folder/updates $folder/old
package() { # folder, name, version
  tree=$folder/tree/$2-$3
  mkdir -p $tree/DEBIAN
  cat >$tree/DEBIAN/control <<CONTROL
Package: $2
Version: $3
Architecture: all
Installed-Size: 12
Maintainer: A Person <person@example.org>
Description: something of the shop
CONTROL
  dpkg-deb --build $tree $1 >/dev/null
}
index() { # folder, label, suite
  cd $1
  for file in *.deb; do
    dpkg-deb --field $file
    printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' $file $(stat -c %s $file) $(sha256sum $file | cut -d' ' -f1)
  done >Packages
  cat >Release <<RELEASE
Origin: Debian
Label: $2
Suite: $3
Codename: $3
Version: 99
Date: $(LC_ALL=C date -Ru)
SHA256:
 $(sha256sum Packages | cut -d' ' -f1) $(stat -c %s Packages) Packages
RELEASE
}
"""


@contextmanager
def offered(machine: Machine) -> Iterator[None]:
    """The archive is there, and apt knows it; at the end the machine is as it was."""
    lines = [_SCRIPT]
    for name, (installed, security, update) in PACKAGES.items():
        lines.append(f"package $folder/old {name} '{installed}'")
        lines += [f"package $folder/security {name} '{security}'"] if security else []
        lines += [f"package $folder/updates {name} '{update}'"] if update else []
    lines.append("dpkg --install $folder/old/*.deb && echo 'shop-held hold' | dpkg --set-selections")
    lines.append(
        "(index $folder/security Debian-Security stable-security); (index $folder/updates Debian stable-updates)"
    )
    lines.append(f"printf 'deb [trusted=yes] file:/srv/shop/%s ./\\n' security updates >{LIST}")
    lines.append(f"printf 'Package: shop-pinned\\nPin: version 1.*\\nPin-Priority: 1001\\n' >{PINS}")
    lines.append(UPDATE)
    try:
        machine.run("\n".join(lines))
        yield
    finally:
        machine.run(f"dpkg --purge {' '.join(PACKAGES)}; rm -rf /srv/shop {LIST} {PINS} /var/lib/apt/lists/_srv_shop*")
