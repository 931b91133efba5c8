"""What the pages ask for."""

from campaigns.forms.brief import BriefForm, DeliverableFormSet, GoalForm, OpenBriefForm
from campaigns.forms.conversation import MessageForm, ReportForm
from campaigns.forms.leads import DigestForm, LeadsForm
from campaigns.forms.money import FundForm
from campaigns.forms.offer import (
    AcceptForm,
    AgreeForm,
    AnswerForm,
    ApplicationForm,
    CancelPaidForm,
    CounterForm,
    InvitationForm,
    ReasonForm,
    TermsForm,
)
from campaigns.forms.papers import InvoiceDetailsForm
from campaigns.forms.payouts import MinimumForm, PayoutForm
from campaigns.forms.plan import PlanForm
from campaigns.forms.reviews import AnswerReviewForm, ReviewForm
from campaigns.forms.searches import SearchEditForm, SearchSaveForm
from campaigns.forms.start import StartForm
from campaigns.forms.team import BusinessEditForm, BusinessForm, InviteForm
from campaigns.forms.work import ChangesForm, LiveForm, SubmissionForm

__all__ = [
    "AcceptForm",
    "AgreeForm",
    "AnswerForm",
    "AnswerReviewForm",
    "ApplicationForm",
    "BriefForm",
    "BusinessEditForm",
    "BusinessForm",
    "CancelPaidForm",
    "ChangesForm",
    "CounterForm",
    "DeliverableFormSet",
    "DigestForm",
    "FundForm",
    "GoalForm",
    "InvitationForm",
    "InviteForm",
    "InvoiceDetailsForm",
    "LeadsForm",
    "LiveForm",
    "MessageForm",
    "MinimumForm",
    "OpenBriefForm",
    "PayoutForm",
    "PlanForm",
    "ReasonForm",
    "ReportForm",
    "ReviewForm",
    "SearchEditForm",
    "SearchSaveForm",
    "StartForm",
    "SubmissionForm",
    "TermsForm",
]
