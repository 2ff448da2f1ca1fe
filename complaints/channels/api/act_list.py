"""The list of acts that `…/actions` takes, as a model that describes it: bodies with nouns."""

from typing import Annotated, Any, Literal, Union

from pydantic import Field, RootModel, create_model

from complaints.actions.act import Act
from complaints.actions.bodies import Body
from complaints.actions.recording import MOST_ACTS
from complaints.actions.registry import ACTS


def operation_name(noun: str) -> str:
    """A noun as part of a name: ``parties/acceptance`` becomes ``PartiesAcceptance``."""
    return noun.title().replace("-", "").replace("/", "")


def _with_noun(act: Act[Any]) -> type[Body]:
    fields: dict[str, Any] = {"noun": (Literal[act.noun], ...)}
    named: type[Body] = create_model(
        f"{operation_name(act.noun)}Act",
        __base__=act.body,
        __doc__=act.body.__doc__,
        **fields,
    )
    return named


_ANY_ACT: Any = Union[tuple(_with_noun(act) for act in ACTS.values())]  # noqa: UP007


class ActList(RootModel[list[Annotated[_ANY_ACT, Field(discriminator="noun")]]]):
    """What is done, in order; each act is told apart by its noun."""

    root: Annotated[
        list[Annotated[_ANY_ACT, Field(discriminator="noun")]],
        Field(min_length=1, max_length=MOST_ACTS),
    ]
