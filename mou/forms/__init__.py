"""What is filled in at the desk, at the signing table and on the verify page."""

from mou.forms.drawing import LineForm, PartiesForm, QuantityField, TermsForm, line_forms, lines_of
from mou.forms.endings import ReasonForm, TerminationForm
from mou.forms.register import RegisterForm
from mou.forms.signing import DeclineForm, SignatureForm
from mou.forms.verification import CodeForm, FileForm

__all__ = [
    "CodeForm",
    "DeclineForm",
    "FileForm",
    "LineForm",
    "PartiesForm",
    "QuantityField",
    "ReasonForm",
    "RegisterForm",
    "SignatureForm",
    "TerminationForm",
    "TermsForm",
    "line_forms",
    "lines_of",
]
