"""One call of the API, as the description knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call; `answer` is a type of the schemas, `example` what is sent.

    `criteria` are those that an act proves; `takes_key` says whether an Idempotency-Key is
    honoured where something is written, `is_signed` that a signature does instead of a key.
    """

    method: str
    path: str
    name: str
    tag: str
    summary: str
    answer: Any
    status: int = 200
    question: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    example: Any = None
    criteria: tuple[str, ...] = ()
    takes_key: bool = True
    is_signed: bool = False
    #: Sent as a form with a file; answered with the bytes of one, and then `answer` is bytes.
    is_form: bool = False

    #: Media types in which the same can be had beside JSON.
    also: tuple[str, ...] = ()

    @property
    def is_file(self) -> bool:
        """Whether it is answered with a file."""
        return self.answer is bytes

    @property
    def is_reading(self) -> bool:
        """Whether the call changes nothing."""
        return self.method == "get"


def read(path: str, name: str, tag: str, summary: str, answer: Any, **more: Any) -> Operation:
    """A call that changes nothing."""
    return Operation(
        method="get", path=path, name=name, tag=tag, summary=summary, answer=answer, **more
    )


def acts_on(path: str, tag: str, answer: Any) -> Callable[..., Operation]:
    """`act(name, call, summary, **more)`: the calls that do something to what stands at `path`."""

    def act(name: str, call: str, summary: str, **more: Any) -> Operation:
        return Operation(
            method="post",
            path=f"{path}/{name}",
            name=call,
            tag=tag,
            summary=summary,
            answer=answer,
            **more,
        )

    return act


def write(path: str, name: str, summary: str, answer: Any, **more: Any) -> Operation:
    """A call of the webhooks: repeating it does no harm, or makes what one does not want kept."""
    known = {"method": "post", "tag": "Webhooks", "takes_key": False, **more}
    return Operation(path=path, name=name, summary=summary, answer=answer, **known)
