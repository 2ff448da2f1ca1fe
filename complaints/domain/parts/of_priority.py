"""The parts of `priority.toml`: the grid and its rows."""

from complaints.domain.errors import N_
from complaints.domain.parts.fields import NAME, Field, FieldKind, Part, both

_FILE = "priority"

PARTS = (
    Part(
        code="priority-grid",
        file=_FILE,
        path="matrix",
        is_list=False,
        title=N_("Priority grid"),
        about=N_(
            "Severity of the complaint by customer type. What happened before raises the "
            "priority by one step at most."
        ),
        fields=(
            Field(
                name="matrix",
                label=N_("Priority grid"),
                kind=FieldKind.GRID,
                options="priority",
                required=True,
            ),
        ),
    ),
    Part(
        code="severities",
        file=_FILE,
        path="severity",
        key="level",
        makes="severity",
        title=N_("Severities"),
        item=N_("Severity"),
        about=N_("The rows of the priority grid."),
        fields=(
            Field(
                name="level",
                label=N_("Level"),
                kind=FieldKind.CODE,
                is_number=True,
                required=True,
                hint=N_("A number, one more than the level below it."),
            ),
            *NAME,
            *both("meaning", N_("Meaning"), required=True),
        ),
    ),
)
