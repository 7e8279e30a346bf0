"""What is filled in at the desk, at the signing table and on the verify page."""

from mou.forms.ceremonies import (
    MOST_AT_ONCE,
    CeremonyForm,
    DeviceForm,
    EnrolForm,
    StationForm,
    ceremony_differences,
    ceremony_values,
)
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
from mou.forms.papers import (
    PaperForm,
)
from mou.forms.reasons import (
    ReasonForm,
)
from mou.forms.register import (
    RegisterForm,
)
from mou.forms.signing import (
    DeclineForm,
    OneTimeCodeForm,
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
    "MOST_AT_ONCE",
    "CeremonyForm",
    "CodeForm",
    "DeclineForm",
    "DeviceForm",
    "Draft",
    "EnrolForm",
    "FileForm",
    "FollowUpForm",
    "LineForm",
    "OneTimeCodeForm",
    "PaperForm",
    "PartiesForm",
    "PartyForm",
    "QuantityField",
    "ReasonForm",
    "RegisterForm",
    "SignatureForm",
    "StationForm",
    "TerminationForm",
    "TermsForm",
    "WebhookForm",
    "ceremony_differences",
    "ceremony_values",
    "first_values",
    "first_values_of",
    "line_forms",
    "lines_of",
]
