from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """Jobs that exist only to be interrupted; installed by the test settings."""

    name = "tests.faults"
    label = "faults"
