"""What is filled in at the desk, at the signing table and on the verify page."""

from mou.forms.drafts import (
    Draft,
    first_values,
    first_values_of,
)
from mou.forms.drawing import (
    LineForm,
    PartiesForm,
    PartyForm,
    QuantityField,
    TermsForm,
    line_forms,
    lines_of,
)
from mou.forms.endings import (
    TerminationForm,
)
from mou.forms.followup import (
    FollowUpForm,
)
from mou.forms.reasons import (
    ReasonForm,
)
from mou.forms.register import (
    RegisterForm,
)
from mou.forms.signing import (
    DeclineForm,
    SignatureForm,
)
from mou.forms.verification import (
    CodeForm,
    FileForm,
)
from mou.forms.webhooks import (
    WebhookForm,
)

__all__ = [
    "CodeForm",
    "DeclineForm",
    "Draft",
    "FileForm",
    "FollowUpForm",
    "LineForm",
    "PartiesForm",
    "PartyForm",
    "QuantityField",
    "ReasonForm",
    "RegisterForm",
    "SignatureForm",
    "TerminationForm",
    "TermsForm",
    "WebhookForm",
    "first_values",
    "first_values_of",
    "line_forms",
    "lines_of",
]
