"""What the pages ask for."""

from campaigns.forms.brief import BriefForm, DeliverableFormSet, GoalForm, OpenBriefForm
from campaigns.forms.offer import AcceptForm, ApplicationForm, CounterForm, InvitationForm, ReasonForm, TermsForm
from campaigns.forms.team import BusinessForm, InviteForm
from campaigns.forms.work import ChangesForm, LiveForm, SubmissionForm

__all__ = [
    "AcceptForm",
    "ApplicationForm",
    "BriefForm",
    "BusinessForm",
    "ChangesForm",
    "CounterForm",
    "DeliverableFormSet",
    "GoalForm",
    "InvitationForm",
    "InviteForm",
    "LiveForm",
    "OpenBriefForm",
    "ReasonForm",
    "SubmissionForm",
    "TermsForm",
]
