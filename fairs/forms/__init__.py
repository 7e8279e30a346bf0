"""What is filled in about plans, fairs and their programme."""

from fairs.forms.fairs import (
    MoveForm,
)

__all__ = [
    "MoveForm",
]
