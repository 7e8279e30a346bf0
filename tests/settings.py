"""Settings of the test suite: the project's own, with everything a run makes in one folder.

The suite listens to `TEST_…` variables only, so a developer's environment or `.env`
never reaches it. They are set by `tests.stage` for the processes it starts.
"""

import os
import tempfile

if "TEST_VAR_DIR" not in os.environ:
    os.environ["TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="cho-phien-tests-")

DEFAULTS = {
    "ENV_FILE": os.devnull,
    "DEBUG": "true",
    "VAR_DIR": "",
    "MEDIA_ROOT": "",
    "SITE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "",
    "DATABASE_URL": f"sqlite:///{os.environ['TEST_VAR_DIR']}/unused.db",
    "BROKER_URL": "",
    "EMAIL_URL": "",
    "FROM_EMAIL": "",
    "SMS_BACKEND": "",
    "REQUIRE_SECOND_FACTOR": "",
    "SECRET_KEY": "",
    "PROXIES": "",
    "VERIFY_PAGES_PER_MINUTE": "",
    "VERIFY_FILES_PER_MINUTE": "",
    "WEBHOOK_ALLOW_PRIVATE": "",
    "SEAL_KEY_FILE": "",
    "SEAL_KEY_TOKEN": "",
    "SEAL_KEY_PASSPHRASE": "",
    "SEAL_TIMESTAMP_URL": "",
    "SEAL_TIMESTAMP_REQUIRED": "",
}
for name, value in DEFAULTS.items():
    os.environ[name] = os.environ.get(f"TEST_{name}", value)

from config.settings import *  # noqa: E402, F403
from config.settings import CELERY_BEAT_SCHEDULE, DATABASES, INSTALLED_APPS, VAR  # noqa: E402

DEBUG = False
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults"]
# A file, not memory: tests of races need connections of their own.
DATABASES["default"]["TEST"] = {"NAME": f"{VAR}/test.db"}
if "postgresql" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": "test"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Each client of a test has a server of its own. In the test's process that looks for a static file
# when it is asked for one; on the stage it lists them all when it starts, as for real.
WHITENOISE_AUTOREFRESH = "TEST_SITE_URL" not in os.environ
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# On the stage a killed worker's job is taken over in two seconds instead of twenty. In the test's
# own process nobody is killed, and a short lease would only wait for the test's transaction.
JOB_LEASE_SECONDS = float(os.environ.get("TEST_JOB_LEASE_SECONDS", "20"))
CELERY_BEAT_SCHEDULE["sweep"]["schedule"] = 0.5

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
