"""The eighteen criteria of unit 020 (Menangani Keluhan Pelanggan) in words."""

from dataclasses import dataclass

from complaints.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Criterion:
    """One performance criterion; `noun` is the sub-resource whose record proves it."""

    key: str
    noun: str
    label: str
    lacking: str
    may_be_unable: bool = True

    @property
    def element(self) -> int:
        """1 receive, 2 plan, 3 carry out."""
        return int(self.key[4])


CRITERIA: dict[str, Criterion] = {
    criterion.key: criterion
    for criterion in (
        Criterion(
            "020-1.1",
            "attestation",
            N_("The customer was heard out, without interruption"),
            N_("it is not yet confirmed that the customer finished speaking"),
        ),
        Criterion(
            "020-1.2",
            "confirmation",
            N_("The complaint was read back to the customer"),
            N_("the complaint has not been read back to the customer"),
        ),
        Criterion(
            "020-1.3",
            "apology",
            N_("An apology for the inconvenience was offered"),
            N_("no apology for the inconvenience has been offered"),
        ),
        Criterion(
            "020-1.4",
            "promise",
            N_("The steps to be taken were told to the customer"),
            N_("the customer has not been told the next steps"),
            may_be_unable=False,
        ),
        Criterion(
            "020-1.5",
            "promise",
            N_("The deadline was told to the customer"),
            N_("the customer has not been told the deadline"),
            may_be_unable=False,
        ),
        Criterion(
            "020-1.6",
            "receipt",
            N_("A written record of the whole complaint was made"),
            N_("the record is not complete"),
        ),
        Criterion(
            "020-2.1",
            "parties",
            N_("The details were sent to every unit concerned"),
            N_("not every unit that the category names has been told and has accepted"),
            may_be_unable=False,
        ),
        Criterion(
            "020-2.2",
            "cause",
            N_("The main cause was identified from what the customer said"),
            N_("the main cause has not been identified"),
            may_be_unable=False,
        ),
        Criterion(
            "020-2.3",
            "condition",
            N_("The customer's specific condition was identified"),
            N_("the customer's condition has not been reviewed"),
            may_be_unable=False,
        ),
        Criterion(
            "020-2.4",
            "priority",
            N_("The priority was set by type of complaint and of customer"),
            N_("the priority has not been set"),
            may_be_unable=False,
        ),
        Criterion(
            "020-2.5",
            "plan",
            N_("A handling plan was drawn up"),
            N_("there is no handling plan"),
            may_be_unable=False,
        ),
        Criterion(
            "020-3.1",
            "apology",
            N_("An apology was given with the resolution"),
            N_("no apology has been given with the resolution"),
        ),
        Criterion(
            "020-3.2",
            "cause-explanation",
            N_("The main cause was explained to the customer"),
            N_("the confirmed cause has not been explained, or is not clear to the customer yet"),
        ),
        Criterion(
            "020-3.3",
            "offer",
            N_("A solution within policy was offered"),
            N_("no solution has been offered"),
            may_be_unable=False,
        ),
        Criterion(
            "020-3.4",
            "answer",
            N_("The customer's acceptance was confirmed"),
            N_("the customer's acceptance has not been confirmed"),
        ),
        Criterion(
            "020-3.5",
            "offer",
            N_("An alternative solution was offered after a refusal"),
            N_("no alternative has been offered after the refusal"),
        ),
        Criterion(
            "020-3.6",
            "thanks",
            N_("The customer was thanked"),
            N_("the customer has not been thanked"),
            may_be_unable=False,
        ),
        Criterion(
            "020-3.7",
            "standard-information",
            N_("Complete information on the service standard was given"),
            N_("the information on the service standard is not complete"),
            may_be_unable=False,
        ),
    )
}
