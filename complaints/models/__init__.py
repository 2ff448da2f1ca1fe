"""THE TABLES: mapped classes and what they say of themselves, no process.

Import from here; each file holds one corner of the trade.
"""

from complaints.models.attachment import Attachment, AttachmentView
from complaints.models.clocks import (
    Deadline,
    Escalation,
    Extension,
    Heartbeat,
    LedgerEntry,
    Timer,
)
from complaints.models.complaint import Complaint, HistoryEntry, HistorySeal, Note, StepRecord
from complaints.models.customer import Customer, CustomerFact
from complaints.models.desk.draft import Draft
from complaints.models.desk.follower import Follower
from complaints.models.desk.presence import Presence
from complaints.models.desk.saved_view import SavedView
from complaints.models.exits import Exit
from complaints.models.feedback import FollowUp, Rating
from complaints.models.forecast import RiskCurve
from complaints.models.import_run import ImportRun
from complaints.models.improvement.corrective_action import CorrectiveAction, CorrectiveActionEntry
from complaints.models.improvement.management_review import ManagementReview, ManagementReviewEntry
from complaints.models.inbound import InboundMessage, InboundSource, Mailbox
from complaints.models.incident import (
    ComplaintLink,
    Incident,
    IncidentEntry,
    IncidentLink,
    IncidentMessage,
    IncidentTelling,
    Spike,
)
from complaints.models.link_request import LinkRequest
from complaints.models.messages import ChannelMessage
from complaints.models.observation import Observation
from complaints.models.organisation import Branch, Category, RecalculationJob, RuleVersion, Team
from complaints.models.other_contact import ContactFile, OtherContact, OtherContactEntry
from complaints.models.people import (
    Absence,
    AccountEntry,
    ApiToken,
    LoginAttempt,
    OneTimeKey,
    RateLimit,
    Sighting,
    User,
)
from complaints.models.post import Notice, NoticeChoice, OutboxMessage, ReportMail
from complaints.models.public_post import PublicPost, PublicPostEntry
from complaints.models.suggestions import SuggestionModel
from complaints.models.summaries import ReportCell, ReportFacts, ReportState, StaleReport
from complaints.models.webhooks import Webhook, WebhookAttempt, WebhookDelivery, WebhookEvent
from complaints.models.work import Answer, Cause, Commitment, Offer, Party

__all__ = [
    "Absence",
    "AccountEntry",
    "Answer",
    "ApiToken",
    "Attachment",
    "AttachmentView",
    "Branch",
    "Category",
    "Cause",
    "ChannelMessage",
    "Commitment",
    "Complaint",
    "ComplaintLink",
    "ContactFile",
    "CorrectiveAction",
    "CorrectiveActionEntry",
    "Customer",
    "CustomerFact",
    "Deadline",
    "Draft",
    "Escalation",
    "Exit",
    "Extension",
    "FollowUp",
    "Follower",
    "Heartbeat",
    "HistoryEntry",
    "HistorySeal",
    "ImportRun",
    "InboundMessage",
    "InboundSource",
    "Incident",
    "IncidentEntry",
    "IncidentLink",
    "IncidentMessage",
    "IncidentTelling",
    "LedgerEntry",
    "LinkRequest",
    "LoginAttempt",
    "Mailbox",
    "ManagementReview",
    "ManagementReviewEntry",
    "Note",
    "Notice",
    "NoticeChoice",
    "Observation",
    "Offer",
    "OneTimeKey",
    "OtherContact",
    "OtherContactEntry",
    "OutboxMessage",
    "Party",
    "Presence",
    "PublicPost",
    "PublicPostEntry",
    "RateLimit",
    "Rating",
    "RecalculationJob",
    "ReportCell",
    "ReportFacts",
    "ReportMail",
    "ReportState",
    "RiskCurve",
    "RuleVersion",
    "SavedView",
    "Sighting",
    "Spike",
    "StaleReport",
    "StepRecord",
    "SuggestionModel",
    "Team",
    "Timer",
    "User",
    "Webhook",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEvent",
]
