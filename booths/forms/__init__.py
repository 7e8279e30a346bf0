"""What is filled in at the desk."""

from booths.forms.desk import TakingsForm

__all__ = ["TakingsForm"]
