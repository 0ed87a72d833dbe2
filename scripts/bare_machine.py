"""A bare Debian 12 in a folder: what README names and nothing else, with the network and the settings of this machine.

Its apt has this machine's Debian sources; pip and npm have this machine's settings and certificates.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, TextIO

SUITE = "bookworm"
PACKAGES = ("python3", "python3-venv", "python3-dev", "gcc", "make", "npm")
SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")
SHARED = ("/etc/ssl/certs", "/etc/hosts", "/etc/resolv.conf", "/etc/pip.conf", "/etc/npmrc")
"""Files and folders that the bare machine sees as this one has them."""
OWN = (".npmrc", ".pip/pip.conf", ".config/pip/pip.conf")
"""Settings below a home, which each user gets a copy of."""
PASSED = ("PIP_", "NPM_CONFIG_", "npm_config_", "SSL_CERT_", "NODE_EXTRA_CA_CERTS")
"""How the names of the variables begin that every command gets."""
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
USER = "user"
HOMES = {"root": "root", USER: f"home/{USER}"}
NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
# The first process of a mount and a process namespace: nothing stays mounted, and no process stays, when it ends. It
# stays root, since the kernel does not end another user's with unshare, and collects children that lost their parent.
# The words are the folder, the user, what to share until a word "--", then the command.
ENTER = """
set -e
root=$1 user=$2; shift 2
mount -t proc proc "$root/proc"; mount --rbind /sys "$root/sys"; mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
    if [ -d "$1" ]; then mkdir -p "$root$1"; else mkdir -p "$root${1%/*}"; [ -e "$root$1" ] || : >"$root$1"; fi
    mount --bind "$1" "$root$1"; shift
done
shift
status=0
chroot --userspec="$user:$user" "$root" "$@" || status=$?
exit $status
"""


def make(root: Path) -> None:
    """Fill the folder with the packages, an ordinary user and the settings of pip and npm.

    Raises: subprocess.CalledProcessError where mmdebstrap ends badly, with what it said on stderr.
    """
    sources = next(name for name in SOURCES if Path(name).is_file())
    flags = ("--variant=minbase", f"--include={','.join(PACKAGES)}", "--quiet")
    subprocess.run(["mmdebstrap", *flags, SUITE, root, sources], check=True)
    subprocess.run(["chroot", root, "useradd", "--create-home", USER], check=True)
    for user, home in HOMES.items():
        for name in OWN:
            if (Path.home() / name).is_file():
                (root / home / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(Path.home() / name, root / home / name)
        give(root, home, user)


def give(root: Path, folder: str, user: str) -> None:
    """Make a folder of the bare machine a user's."""
    subprocess.run(["chroot", root, "chown", "-R", f"{user}:{user}", f"/{folder}"], check=True)


def variables() -> dict[str, str]:
    """What this machine's environment says of pip, npm, certificates and proxies."""
    return {name: value for name, value in os.environ.items() if name.startswith(PASSED) or name in PROXIES}


def run(
    root: Path, user: str, folder: str, command: str, more: dict[str, str], log: TextIO, timeout_s: float
) -> int:
    """Exit status of a shell command in a folder of the bare machine; `log` gets what it says.

    Its environment holds PATH, the variables above and `more`: no HOME and no LANG of themselves.
    Raises: subprocess.TimeoutExpired; every process of it has ended then.
    """
    env = {"PATH": PATH, **variables(), **more}
    named = [value for value in variables().values() if value.startswith("/")]
    shared = [name for name in (*SHARED, *named) if Path(name).exists()]
    shell = ["sh", "-c", f'cd "/{folder}" && {command}']
    words = [*NAMESPACES, "sh", "-c", ENTER, "enter", str(root), user, *dict.fromkeys(shared), "--", *shell]
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
    return subprocess.run(words, env=env, check=False, timeout=timeout_s, **streams).returncode
