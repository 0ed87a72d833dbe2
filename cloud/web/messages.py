"""Why there is no answer, no page and no sealed form."""

from __future__ import annotations

from contract.message import Message


class NotFound(Message, text="Not Found"):
    """An address that is none."""


class MethodNotAllowed(Message, text="Method Not Allowed"):
    """A method that the address does not take."""


class ForeignName(Message, text="this server does not answer to that name"):
    """A Host that is none of this server's names."""


class ProgramError(Message, text="an error of the program; the log of the cloud has it"):
    """The answer of status 500."""


class Starting(Message, text="the cloud is starting: the ledger is being read"):
    """Nothing can be answered yet."""


class NoSite(Message, text="no site {site!r}"):
    """A site of a path that is not there."""

    site: str


class NoSuchSite(Message, text="no such site"):
    """A site of a page's query that is not there."""


class NoTag(Message, text="site {site!r} has no tag {tag!r}"):
    """A series of a tag that is not there."""

    site: str
    tag: str


class ToNotLater(Message, text="to must be later than from"):
    """A time that ends before it begins."""


class LastBeforeFirst(Message, text="the last day {last} is before the first day {first}"):
    """A period of days that ends before it begins."""

    last: str
    first: str


class NoFigure(
    Message, text="no figure {figure!r} is known; ask for the figures of its site and period first"
):
    """An id that no answer has had."""

    figure: str


class NoFigureOfPage(Message, text="no figure {figure!r} is known; open the page that shows it first"):
    """The same, for a person."""

    figure: str


class NoReplacement(Message, text="site {site!r} has no replacement {project!r}"):
    """A certificate of a project whose id can be none."""

    site: str
    project: str


class NoPage(Message, text="no such page"):
    """A page that is none."""


class NoChart(Message, text="no such chart"):
    """A chart that is none."""


class NoComparison(Message, text="no such comparison: name point, parameter and statistic of a limit"):
    """A chart of a limit that no permit has."""


class NoProject(Message, text="site {site} has declared no such savings project or replacement"):
    """A chart of a project that is none."""

    site: str


class ProjectLacks(Message, text="project {project}: {why}"):
    """A chart of a project that can't be computed."""

    project: str
    why: Message


class ParameterMissing(Message, text="{name}: Field required"):
    """A parameter that is left out."""

    name: str


class ParameterNoChoice(Message, text="{name}: must be {choices!r} or {last!r}"):
    """A parameter that is none of the words it may be."""

    name: str
    choices: tuple[str, ...]
    last: str


class ParameterTooLong(Message, text="{name}: String should have at most {most} characters"):
    """A parameter of too many characters."""

    name: str
    most: int


class ParameterTooSmall(Message, text="{name}: must be greater than or equal to {least}"):
    """A number below its least."""

    name: str
    least: str


class ParameterTooGreat(Message, text="{name}: must be less than or equal to {most}"):
    """A number above its greatest."""

    name: str
    most: str


class ParameterNoNumber(Message, text="{name}: must be a valid number, unable to parse string as a number"):
    """A text in place of a number."""

    name: str


class ParameterNoInteger(
    Message, text="{name}: must be a valid integer, unable to parse string as an integer"
):
    """A text in place of a whole number."""

    name: str


class ParameterWrong(Message, text="{name}: {why}"):
    """Anything else. why: what pydantic says."""

    name: str
    why: Message


class Both(Message, text="{one}; {other}"):
    """Two things that are wrong."""

    one: Message
    other: Message
