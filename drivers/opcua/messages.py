"""What can be wrong with the settings of an OPC UA server and with reading it."""

from __future__ import annotations

from contract.message import Message


class NodeIdForm(
    Message, text='must be a node id such as "ns=2;s=dye1.speed" or "ns=2;i=1001" (it is {text!r})'
):
    """The node of a tag."""

    text: str


class EndpointForm(Message, text="must be an address such as opc.tcp://192.168.1.9:4840 (it is {text!r})"):
    """The address of a server."""

    text: str


class NoAnswer(Message, text="no answer from {endpoint} in {seconds} s"):
    """A request without answer."""

    endpoint: str
    seconds: str


class NoServer(Message, text="no connection to {endpoint}"):
    """Nothing accepts a connection there."""

    endpoint: str


class NothingReceived(Message, text="nothing heard for {seconds} s"):
    """A subscription without a publish, not even a keep-alive."""

    seconds: str


class SubscriptionEnded(Message, text="the server ended the subscription: {status}"):
    """status: the name of its OPC UA status code."""

    status: str


class NotificationsLost(Message, text="notifications lost"):
    """A sequence number of a subscription is missing."""


class Overflow(Message, text="overflow"):
    """The server's queue of a node discarded values."""


class NoValue(Message, text="the node has no value"):
    """A read of a node was answered without a value."""


class DeclaredOtherwise(Message, text="{variant} {why}: the tag is declared {type}"):
    """A value that was read does not fit the type of its tag; variant: the OPC UA type that was sent."""

    variant: str
    why: Message
    type: str


class TypeWithoutNumbers(Message, text="{type} is no number"):
    """A value that is neither a number nor a bool."""

    type: str


class NeitherTrueNorFalse(Message, text="{value} is neither true nor false"):
    """A number that is read as a bool."""

    value: str


class DoesNotFit(Message, text="{value} does not fit {type}"):
    """A number beyond the range of a type."""

    value: str
    type: str


class NotExact(Message, text="{value} is not exact in {type}"):
    """A number that a float type can't hold exactly."""

    value: str
    type: str


class NotWhole(Message, text="{value} is not a whole number"):
    """A fraction that is read as an integer."""

    value: str
