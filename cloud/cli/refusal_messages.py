"""What is wrong with the flags of a command, or with what they name."""

from __future__ import annotations

from contract.message import Message


class NoSettingsNamed(
    Message, text="name the settings by one of --workdir DIR (its cloud/cloud.yaml) and --config FILE"
):
    """Neither flag, or both."""


class NoSite(Message, text="no site {site!r}"):
    """A site that nobody knows."""

    site: str


class NoValidToken(Message, text="no valid token {name!r}"):
    """A token that is not there or was revoked."""

    name: str


class ToNotLater(
    Message, text="--to {last} must be later than --from {first}; it does not belong to the period"
):
    """A period without a day."""

    last: str
    first: str


class JsonNeedsOut(Message, text="--json needs --out FILE: the values take stdout"):
    """Two things for one stream."""


class NotDecoded(
    Message,
    text="{count} blocks do not decode; `steelyard-cloud blocks` names them",
    one="{count} block does not decode; `steelyard-cloud blocks` names it",
):
    """Blocks whose values are not in the table."""

    count: int


class NoTag(Message, text="no node has a tag named {tag!r}"):
    """A tag that nobody knows."""

    tag: str


class FileOrProject(
    Message, text="name either a FILE or, with --workdir or --config, the --project of a site"
):
    """Neither, or both."""


class FileStandsAlone(Message, text="a FILE stands alone; --workdir, --config and --site go with --project"):
    """Flags that a file does not need."""


class NoReplacement(Message, text="no site has a replacement {project!r}"):
    """A project that nobody declared."""

    project: str


class SeveralSites(Message, text="{sites} each have a replacement {project!r}; name the --site"):
    """A project of several sites."""

    sites: tuple[str, ...]
    project: str


class UnknownLanguage(Message, text="--lang must be zh, en or both, not {lang!r}"):
    """A language that no PDF has."""

    lang: str


class UnknownView(Message, text="--format knows {views}, not {view!r}"):
    """A view that no summary has."""

    views: tuple[str, ...]
    view: str


class OtherSuffix(Message, text="-o must be a .json, .pdf or .zip, not {name!r}"):
    """A file that no certificate is."""

    name: str


class FileOrFolder(Message, text="name one FILE.csv or one folder by --many DIR"):
    """Neither, or both."""


class NoFile(Message, text="there is no file {path}"):
    """A path where nothing is."""

    path: str


class NotUtf8(Message, text="{path}: byte {offset} is not UTF-8; save the file as UTF-8 CSV"):
    """A file in another encoding."""

    path: str
    offset: int


class NoTables(Message, text="no *.csv in the folder {path}"):
    """A folder of nothing."""

    path: str
