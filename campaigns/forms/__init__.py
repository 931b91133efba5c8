"""What the pages ask for."""

from campaigns.forms.brief import BriefForm, DeliverableFormSet, GoalForm
from campaigns.forms.offer import (
    AcceptForm,
    AgreeForm,
    AnswerForm,
    ApplicationForm,
    InvitationForm,
    ReasonForm,
    TermsForm,
)
from campaigns.forms.team import BusinessForm, InviteForm
from campaigns.forms.work import ChangesForm, LiveForm, SubmissionForm

__all__ = [
    "AcceptForm",
    "AgreeForm",
    "AnswerForm",
    "ApplicationForm",
    "BriefForm",
    "BusinessForm",
    "ChangesForm",
    "DeliverableFormSet",
    "GoalForm",
    "InvitationForm",
    "InviteForm",
    "LiveForm",
    "ReasonForm",
    "SubmissionForm",
    "TermsForm",
]
