"""A site of the bench's own: an empty folder, default settings, Django set up on import.

What is measured works on the sample of scale 4: 1,020 producers and 4,216 products.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(tempfile.mkdtemp(prefix="cho-phien-bench-"))
OWN = {"DEBUG": "true", "ENV_FILE": os.devnull, "DJANGO_SETTINGS_MODULE": "config.settings"}
OTHERS = ("DATABASE_URL", "BROKER_URL", "MEDIA_ROOT", "SITE_URL", "ALLOWED_HOSTS")


def load_sample(scale: int) -> float:
    """Seconds to load the sample at this scale into a new database, tables made before."""
    environment = {**os.environ, "VAR_DIR": str(FOLDER / f"scale-{scale}")}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
    start = time.perf_counter()
    subprocess.run(
        [*manage, "load_sample", "--scale", str(scale)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


for name in OTHERS:
    os.environ.pop(name, None)
os.environ.update(OWN, VAR_DIR=str(FOLDER / "scale-4"))
django.setup()
