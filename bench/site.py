"""A site of the bench's own: an empty folder, default settings, Django set up on import.

What is measured works on the sample of scale 4: 1,020 producers and 4,216 products.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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


def keep_figures(name: str, content: dict[str, Any]) -> None:
    """Write what was measured to `var/bench/`, with the moment in the file's name."""
    now = datetime.now(UTC)
    file = ROOT / "var" / "bench" / f"{now:%Y%m%d-%H%M%S}-{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = {"at": now.isoformat(timespec="seconds"), **content}
    file.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nkept in {file.relative_to(ROOT)}")


for name in OTHERS:
    os.environ.pop(name, None)
os.environ.update(OWN, VAR_DIR=str(FOLDER / "scale-4"))
django.setup()
