"""What Django is told of this app when it starts."""

from django.apps import AppConfig
from django.core.checks import register

from mou.checks import tell_of_development_key


class MouConfig(AppConfig):
    name = "mou"

    def ready(self) -> None:
        """`manage.py check --deploy` speaks of the seal's key too."""
        register(tell_of_development_key, deploy=True)
